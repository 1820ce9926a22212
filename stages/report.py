"""report: one self-contained page of the run, its drawings, the model's card; no number is born."""

from stages import run
from visage.files.faces import FaceStore
from visage.files.paths import DRAWINGS, FACES, MODEL_CARD, REPORT
from visage.files.texts import write_text
from visage.params.load import load
from visage.params.report import Report
from visage.reporting.card import model_card
from visage.reporting.drawings import write_drawings
from visage.reporting.inputs import read_inputs
from visage.reporting.page import page, sections


def main() -> None:
    """Writes metrics/report.html, metrics/drawings/ and metrics/model_card.md."""
    params = load(Report)
    inputs = read_inputs(published=params.published)
    shown = sections(inputs, faces=FaceStore(FACES), worst=params.worst)
    write_text(REPORT, page(inputs, shown))
    write_drawings(DRAWINGS, shown)
    write_text(MODEL_CARD, model_card(inputs, shown))


if __name__ == "__main__":
    run(main)
