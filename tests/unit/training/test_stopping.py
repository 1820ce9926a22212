import pytest

from visage.training.stopping import Progress, advance, reason_to_stop


def run(values: list[float], *, monitor: str, warmup_epochs: int = 0) -> Progress:
    progress = Progress()
    for epoch, value in enumerate(values, start=1):
        progress = advance(
            progress, value, epoch=epoch, monitor=monitor, warmup_epochs=warmup_epochs
        )
    return progress


@pytest.mark.parametrize(("monitor", "best"), [("harmonic", 2), ("gender_f1", 2), ("mae", 3)])
def test_the_best_epoch_follows_the_direction_of_the_monitor(monitor: str, best: int) -> None:
    assert run([0.5, 0.9, 0.1], monitor=monitor).best_epoch == best


def test_a_tie_keeps_the_earlier_epoch() -> None:
    assert run([0.5, 0.5], monitor="loss") == Progress(best_epoch=1, best_value=0.5, waited=1)


def test_patience_counts_only_after_the_warmup() -> None:
    assert run([0.9, 0.1, 0.1, 0.1, 0.1], monitor="harmonic", warmup_epochs=3).waited == 2


def test_training_stops_when_patience_ends_and_says_why() -> None:
    progress = run([0.9, 0.1, 0.1], monitor="harmonic")
    assert reason_to_stop(progress, monitor="harmonic", patience=3) is None
    reason = reason_to_stop(progress, monitor="harmonic", patience=2)
    assert reason == "no better harmonic in 2 epochs after epoch 1 (0.9000)"


def test_without_patience_training_never_stops_early() -> None:
    assert reason_to_stop(Progress(1, 0.0, 99), monitor="mae", patience=None) is None
