"""report: one self-contained page of the run; no number is born there."""

from stages import run
from visage.files.faces import FaceStore
from visage.files.paths import FACES, REPORT
from visage.files.texts import write_text
from visage.params.load import load
from visage.params.report import Report
from visage.reporting.inputs import read_inputs
from visage.reporting.page import page


def main() -> None:
    """Writes metrics/report.html."""
    html = page(read_inputs(), faces=FaceStore(FACES), worst=load(Report).worst)
    write_text(REPORT, html)


if __name__ == "__main__":
    run(main)
