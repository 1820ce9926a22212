"""How losses become one, and how large the tasks' gradients are where they meet."""

import pytest
import torch

from visage.codes import Task
from visage.data.demo.portrait import make_portrait
from visage.models.backbone import Normalisation
from visage.models.head import GenderHead, age_head
from visage.models.network import Network, NetworkSpec
from visage.params.train import LossWeights
from visage.training.balance import Static, TaskLoss, Uncertainty

BOTH = (Task.AGE, Task.GENDER)
PLAIN = Normalisation((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def loss(value: float, *, known: int = 8) -> TaskLoss:
    return TaskLoss(torch.tensor(value), torch.tensor(known))


def learned(losses: dict[Task, TaskLoss], *, steps: int = 400) -> Uncertainty:
    """Returns the balance that fixed losses lead to."""
    made = Uncertainty(tuple(losses))
    optimizer = torch.optim.Adam(made.parameters(), 0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        made.total(losses).backward()
        optimizer.step()
    return made


def test_static_weights_are_factors() -> None:
    made = Static(LossWeights(age=0.5, gender=3.0))
    total = made.total({Task.AGE: loss(4.0), Task.GENDER: loss(1.0)})
    assert total.item() == pytest.approx(0.5 * 4 + 3 * 1)
    assert list(made.parameters()) == []


def test_learned_weights_begin_as_the_plain_sum() -> None:
    total = Uncertainty(BOTH).total({Task.AGE: loss(4.0), Task.GENDER: loss(0.7)})
    assert total.item() == pytest.approx(4.7)


def test_the_total_is_that_of_kendall_gal_and_cipolla() -> None:
    made = Uncertainty(BOTH)
    sigma = {"age": 2.0, "gender": 0.5}
    for task, value in sigma.items():
        torch.nn.init.constant_(made.log_variances[task], 2 * torch.tensor(value).log().item())
    # eq. 10: L / sigma^2 + log sigma; the half of a squared error is inside SmoothL1
    expected = 4 / 2.0**2 + 0.7 / 0.5**2 + torch.tensor(2.0 * 0.5).log().item()
    found = made.total({Task.AGE: loss(4.0), Task.GENDER: loss(0.7)})
    assert found.item() == pytest.approx(expected)


def test_learned_weights_make_unlike_losses_alike() -> None:
    losses = {Task.AGE: loss(4.0), Task.GENDER: loss(0.05)}
    made = learned(losses)
    weighted = [(-made.log_variances[task.value]).exp() * one.mean for task, one in losses.items()]
    # the minimum of exp(-s) L + s / 2 is where exp(-s) L = 1 / 2
    assert [one.item() for one in weighted] == pytest.approx([0.5, 0.5], rel=1e-2)


@pytest.mark.parametrize("task", BOTH)
def test_a_single_task_is_balanced(task: Task) -> None:
    made = learned({task: loss(0.05)})
    assert made.log_variances[task.value].item() == pytest.approx(
        torch.tensor(0.1).log().item(), rel=1e-2
    )


def test_a_batch_without_labels_leaves_a_tasks_weight_alone() -> None:
    made = Uncertainty(BOTH)
    made.total({Task.AGE: loss(4.0), Task.GENDER: loss(0.0, known=0)}).backward()
    gradients = {name: one.grad.item() for name, one in made.log_variances.items()}
    assert gradients == {"age": pytest.approx(-4 + 0.5), "gender": 0}


@pytest.fixture(scope="module")
def faces() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Returns 32 drawn faces: image bytes, the ends of the age, gender."""
    drawn = [make_portrait(number, size=32, seed=5) for number in range(32)]
    ages = torch.tensor([float(one.person.age) for one in drawn])
    return (
        torch.stack([torch.from_numpy(one.image).permute(2, 0, 1) for one in drawn]),
        ages[:, None].expand(-1, 2),
        torch.tensor([one.person.gender for one in drawn]),
    )


def ratio(age: torch.Tensor, gender: torch.Tensor, features: torch.Tensor) -> float:
    """Returns the norm of the age loss's gradient at the features by the gender's."""
    norms = [
        torch.autograd.grad(one.mean(), features, retain_graph=True)[0].norm()
        for one in (age, gender)
    ]
    return (norms[0] / norms[1]).item()


@pytest.mark.parametrize(
    ("head", "years"),
    [("distribution", 100.0), ("ordinal", 100.0), ("regression", 20.0), ("regression", 100.0)],
)
def test_at_the_start_both_gradients_at_the_trunk_are_of_one_order(
    faces: tuple[torch.Tensor, torch.Tensor, torch.Tensor], head: str, years: float
) -> None:
    images, ages, gender = faces
    torch.manual_seed(7)
    spec = NetworkSpec("test_resnet", {}, 0.0, BOTH, head, 100, (32,), 0.1, 32, PLAIN)
    network = Network(spec, gender_pos_weight=1.1, regression_scale_years=years).train()
    pooled = []
    network.backbone.register_forward_hook(lambda _module, _inputs, output: pooled.append(output))
    raw = network(images)
    losses = network.age.loss(raw.age, ages), network.gender.loss(raw.gender, gender)
    assert 0.1 < ratio(*losses, pooled[0]) < 10


def late_ratio(*, head: str, years: float) -> float:
    """Returns the ratio after both heads have learned what noisy labels let them learn."""
    generator = torch.Generator().manual_seed(11)
    features, noise = torch.randn(2, 200, 16, generator=generator).unbind()
    ages = (35 + 12 * features[:, 0] + 9 * noise[:, 0]).clamp(0, 100)[:, None].expand(-1, 2)
    gender = (features[:, 1] + 0.4 * noise[:, 1] > 0).int()
    torch.manual_seed(12)
    for_age = age_head(head, 16, age_max=100, regression_scale_years=years)
    for_gender = GenderHead(16)
    parameters = [*for_age.parameters(), *for_gender.parameters()]
    optimizer = torch.optim.Adam(parameters, 0.02)
    features.requires_grad_()

    def losses() -> tuple[torch.Tensor, torch.Tensor]:
        age = for_age.loss(for_age(features), ages)
        return age, for_gender.loss(for_gender(features), gender)

    for _ in range(200):
        optimizer.zero_grad()
        sum(one.mean() for one in losses()).backward()
        optimizer.step()
    return ratio(*losses(), features)


@pytest.mark.parametrize(
    ("head", "years"), [("distribution", 100.0), ("ordinal", 100.0), ("regression", 20.0)]
)
def test_later_the_gradients_are_still_of_one_order(head: str, years: float) -> None:
    assert 0.1 < late_ratio(head=head, years=years) < 10


def test_later_the_age_gradient_of_the_seeds_unit_has_faded() -> None:
    assert late_ratio(head="regression", years=100.0) < 0.1
