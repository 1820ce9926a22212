"""Stage `demo`: draws the generated data set, so that the pipeline runs without a download."""

from stages import run
from visage.data.demo.dataset import write_demo
from visage.files.paths import DEMO
from visage.params.demo import Demo
from visage.params.load import load


def main() -> None:
    """Writes data/demo."""
    write_demo(DEMO, load(Demo))


if __name__ == "__main__":
    run(main)
