import pytest
import torch

from visage.optim.schedule import Moment, schedule
from visage.registry import UnknownMemberError, members

STEPS = 20


def factors(name: str, *, warmup: int) -> list[float]:
    found = schedule(name)
    return [found(Moment(step, warmup_steps=warmup, total_steps=STEPS)) for step in range(STEPS)]


@pytest.mark.parametrize("name", ["constant", "cosine", "plateau"])
def test_the_rate_rises_linearly_to_its_peak(name: str) -> None:
    assert factors(name, warmup=4)[:5] == pytest.approx([0.25, 0.5, 0.75, 1, 1])


@pytest.mark.parametrize("name", ["constant", "cosine", "plateau"])
def test_without_warmup_the_rate_starts_at_its_peak(name: str) -> None:
    assert factors(name, warmup=0)[0] == 1


@pytest.mark.parametrize("name", members("visage.optim.schedules"))
def test_no_rate_is_above_the_peak_or_not_above_zero(name: str) -> None:
    found = factors(name, warmup=4)
    assert 0 < min(found) <= max(found) == pytest.approx(1)


def torchs(scheduler: type, **kwargs: float) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    reference, found = scheduler(optimizer, **kwargs), []
    for step in range(STEPS):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if step < STEPS - 1:
            reference.step()
    return found


def test_the_cosine_is_torchs() -> None:
    assert factors("cosine", warmup=0) == pytest.approx(
        torchs(torch.optim.lr_scheduler.CosineAnnealingLR, T_max=STEPS)
    )


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step:UserWarning")
def test_one_cycle_is_torchs() -> None:
    reference = torchs(
        torch.optim.lr_scheduler.OneCycleLR,
        max_lr=1.0,
        total_steps=STEPS + 1,
        pct_start=6 / (STEPS + 1),  # torch's rise ends at step 5
        cycle_momentum=False,
    )
    found = [
        schedule("one_cycle")(Moment(step, warmup_steps=5, total_steps=STEPS + 1))
        for step in range(STEPS)
    ]
    assert found == pytest.approx(reference)


@pytest.mark.filterwarnings("ignore:Detected call of `lr_scheduler.step:UserWarning")
def test_one_cycle_rises_as_torchs_does_where_no_warmup_is_set() -> None:
    kwargs = {"max_lr": 1.0, "total_steps": STEPS, "cycle_momentum": False}
    reference = torchs(torch.optim.lr_scheduler.OneCycleLR, **kwargs)
    assert factors("one_cycle", warmup=0) == pytest.approx(reference)


def test_the_plateau_is_torchs() -> None:
    values = [5.0, 4.0, 4.5, 4.5, 4.2, 4.1, 3.0, 3.1, 3.1, 3.1, 3.1, 3.1]
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    reference = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, factor=0.5, patience=2, threshold=0.0
    )
    for number, value in enumerate(values, start=1):
        reference.step(value)
        moment = Moment(
            9, 0, STEPS, values=tuple(values[:number]), plateau_factor=0.5, plateau_patience=2
        )
        assert schedule("plateau")(moment) == pytest.approx(optimizer.param_groups[0]["lr"])


def test_a_misspelt_schedule_is_named_with_what_was_meant() -> None:
    with pytest.raises(UnknownMemberError, match=r"train.schedule: .* did you mean cosine"):
        schedule("cosin")
