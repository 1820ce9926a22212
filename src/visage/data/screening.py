"""Which rows are worth opening their image: names, ids and labels, before any pixel is read."""

from dataclasses import dataclass

from visage.data.labels import Labels, OverMax, read_labels
from visage.data.rejections import Fault, Rejection, printable
from visage.data.source import GenderCodes, Record, Source
from visage.schema import Reason


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row whose id and labels are in order."""

    record: Record
    labels: Labels


@dataclass(frozen=True, slots=True)
class Screened:
    """The rows that go on, in the source's order, and those set aside."""

    labelled: list[Candidate]
    unlabelled: list[Candidate]
    rejections: list[Rejection]


def screen(source: Source, *, age_max: int, over_max: OverMax) -> Screened:
    """Sorts the rows of a source.

    An id belongs to the first row that has it, whatever becomes of that row: later ones, in the
    unlabelled table too, are duplicates. So the result does not depend on what an image holds.
    """
    seen: set[str] = set()
    candidates: list[Candidate] = []
    rejections: list[Rejection] = []
    for record in source.records:
        found = _judge(record, seen=seen, codes=source.codes, age_max=age_max, over_max=over_max)
        seen.add(record.id)
        if isinstance(found, Fault):
            rejections.append(Rejection(record, found))
        else:
            candidates.append(Candidate(record, found))
    return Screened(
        labelled=[one for one in candidates if not one.record.unlabelled],
        unlabelled=[one for one in candidates if one.record.unlabelled],
        rejections=rejections,
    )


def _judge(
    record: Record, *, seen: set[str], codes: GenderCodes, age_max: int, over_max: OverMax
) -> Labels | Fault:
    if record.malformed:
        return Fault(Reason.MALFORMED_NAME, record.path)
    if not record.id.strip() or printable(record.id) != record.id:
        return Fault(Reason.MALFORMED_NAME, record.id)
    if record.id in seen:
        return Fault(Reason.DUPLICATE_ID, record.id)
    if record.unlabelled:
        return Labels()
    return read_labels(record, codes=codes, age_max=age_max, over_max=over_max)
