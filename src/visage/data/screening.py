"""Which rows are worth opening their image: names, ids and labels, before any pixel is read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from visage.codes import Reason
from visage.data.fault import Fault
from visage.data.labels import Labels, Rules, read_labels
from visage.data.packed import ByValues, Packed
from visage.data.rejections import Rejection, printable
from visage.data.source import GenderCodes, Record, Source
from visage.params.data import Data

Claim = tuple[bool | str, ...]


@dataclass(frozen=True, slots=True)
class Candidate(ByValues):
    """A row whose id and labels are in order."""

    record: Record
    labels: Labels


@dataclass(frozen=True, slots=True)
class Screened:
    """The rows that go on, in the source's order, and those set aside."""

    labelled: Sequence[Candidate]
    unlabelled: Sequence[Candidate]
    rejections: Sequence[Rejection]


def candidates(source: Source, data: Data, *, age_max: int) -> Screened:
    """Returns what `screen` and `draw_subset` leave, by the rules of the section `data`."""
    screened = screen(source, rules=rules_of(data, age_max=age_max))
    return draw_subset(screened, size=data.subset, seed=data.subset_seed)


def rules_of(data: Data, *, age_max: int) -> Rules:
    """Returns what the section `data` says of labels."""
    return Rules(age_max, over_max=data.over_max, missing_label=data.missing_label)


def screen(source: Source, *, rules: Rules) -> Screened:
    """Sorts the rows of a source.

    An id belongs to one of the rows that have it, whatever becomes of that row; the others are
    duplicates. It is the first of them by table (labelled, then unlabelled), form, path and labels,
    so the result depends neither on the order of the rows nor on what an image holds.
    """
    owners = _owners(source.records)
    labelled, unlabelled = Packed[Candidate](), Packed[Candidate]()
    rejections = Packed[Rejection]()
    for record in source.records:
        duplicate = owners.get(record.id, record.row) != record.row
        found = _judge(record, duplicate=duplicate, codes=source.codes, rules=rules)
        if isinstance(found, Fault):
            rejections.append(Rejection(record, found))
        else:
            (unlabelled if record.unlabelled else labelled).append(Candidate(record, found))
    return Screened(labelled, unlabelled, rejections)


def draw_subset(screened: Screened, *, size: int | None, seed: int) -> Screened:
    """Returns `size` of the labelled rows, drawn by their ids, in the source's order; None: all.

    The others are set aside as left out. The order of the rows changes nothing.
    """
    if size is None or size >= len(screened.labelled):
        return screened
    ids = sorted(one.record.id for one in screened.labelled)
    drawn = {ids[number] for number in np.random.default_rng(seed).permutation(len(ids))[:size]}
    fault = Fault(Reason.LEFT_OUT, f"data.subset: {size}")
    labelled, left_out = Packed[Candidate](), Packed[Rejection](screened.rejections)
    for one in screened.labelled:
        if one.record.id in drawn:
            labelled.append(one)
        else:
            left_out.append(Rejection(one.record, fault))
    return Screened(labelled, screened.unlabelled, left_out)


def _owners(records: Sequence[Record]) -> dict[str, int]:
    """Returns the row to which an id belongs, of each id that more than one row has."""
    suspects = _repeated(record.id for record in records)
    if not suspects:
        return {}
    claims: dict[str, tuple[Claim, int]] = {}
    for record in records:
        if hash(record.id) in suspects:
            claim = _claim(record), record.row
            claims[record.id] = min(claims.get(record.id, claim), claim)
    return {id_: row for id_, (_, row) in claims.items()}


def _claim(record: Record) -> Claim:
    """Returns what decides between rows with one id: all but the row's place."""
    texts = (
        record.path,
        record.age,
        record.age_to,
        record.gender,
        record.identity,
        record.race,
        record.official_part,
        record.left_out,
        record.source,
    )
    return record.unlabelled, record.malformed, *(text or "" for text in texts)


def _repeated(ids: Iterable[str]) -> frozenset[int]:
    """Returns the hashes of ids that more than one row has, and maybe of a few others.

    Hashes are 8 bytes each, where the ids themselves would be a hundred.
    """
    hashes = np.sort(np.fromiter(map(hash, ids), np.int64))
    return frozenset(hashes[1:][hashes[1:] == hashes[:-1]].tolist())


def _judge(record: Record, *, duplicate: bool, codes: GenderCodes, rules: Rules) -> Labels | Fault:
    if record.malformed:
        return Fault(Reason.MALFORMED_NAME, record.path)
    if not record.id.strip() or printable(record.id) != record.id:
        return Fault(Reason.MALFORMED_NAME, record.id)
    if duplicate:
        return Fault(Reason.DUPLICATE_ID, record.id)
    if record.left_out is not None:
        return Fault(Reason.LEFT_OUT, record.left_out)
    if record.unlabelled:
        return Labels()
    return read_labels(record, codes=codes, rules=rules)
