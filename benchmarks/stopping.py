"""When would early stopping have ended these runs, counting from the start or after a warm-up?

    python -m benchmarks.stopping metrics/history.csv ... --monitor harmonic --warmup 5

Each history (metrics/history.csv of a run that went through all its epochs) is gone through again
by the rule of training, `training/stopping.py`, for each patience and with patience counted from
the first epoch or after `--warmup` epochs. Printed are the epoch it stops at, the best epoch until
then, and how much worse that one is than the best of the whole history.
"""

import argparse
from pathlib import Path

import pandas as pd

from visage.training.stopping import HIGHER_IS_BETTER, Progress, advance, reason_to_stop

PATIENCES = (1, 2, 3, 5, 8)


def main() -> None:
    """Replays and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("histories", type=Path, nargs="+", help="metrics/history.csv of runs")
    parser.add_argument("--monitor", choices=sorted(HIGHER_IS_BETTER), default="harmonic")
    parser.add_argument("--warmup", type=int, default=5, help="epochs")
    asked = parser.parse_args()
    for path in asked.histories:
        values = [float(value) for value in pd.read_csv(path)[f"val_{asked.monitor}"]]
        best = max(values) if HIGHER_IS_BETTER[asked.monitor] else min(values)
        print(f"{path}: {len(values)} epochs, best {asked.monitor} {best:.4f}")
        for patience in PATIENCES:
            ends = [
                told(values, best, monitor=asked.monitor, patience=patience, warmup=warmup)
                for warmup in (0, asked.warmup)
            ]
            print(f"  patience {patience}: {ends[0]}; after {asked.warmup} epochs: {ends[1]}")


def told(values: list[float], best: float, *, monitor: str, patience: int, warmup: int) -> str:
    """Says where a run of these validation figures would have stopped, and what that costs."""
    end, kept = replayed(values, monitor=monitor, patience=patience, warmup=warmup)
    return f"stops at {end}, keeps {kept.best_epoch}, loses {abs(best - kept.best_value):.4f}"


def replayed(
    values: list[float], *, monitor: str, patience: int, warmup: int
) -> tuple[int, Progress]:
    """Returns the last epoch, from 1, and the best one until then."""
    progress = Progress()
    for epoch, value in enumerate(values, start=1):
        progress = advance(progress, value, epoch=epoch, monitor=monitor, warmup_epochs=warmup)
        if reason_to_stop(progress, monitor=monitor, patience=patience):
            return epoch, progress
    return len(values), progress


if __name__ == "__main__":
    main()
