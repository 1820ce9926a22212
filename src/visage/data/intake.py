"""What becomes of every row while its image streams from the source to the store.

Images pass through and are not kept, so memory does not grow with them; facts and rejections
are collected on the way and become the index once the stream has ended. Only then are groups
known: what is set aside for its group stays in the store, where nothing reads it, because images
are read by the ids of the index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import tee
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from rich.progress import track

from visage.data.album import Album
from visage.data.check_faces import face_scores
from visage.data.contradictions import Contradictions, PairCounts, contradictions, pair_counts
from visage.data.decoding import quiet_decoders
from visage.data.fault import Fault
from visage.data.images import Form, ImageFacts, check_image
from visage.data.index import labelled_rows
from visage.data.near_duplicates import near_duplicate_groups
from visage.data.packed import ByValues, Packed
from visage.data.parallel import ordered_map
from visage.data.pinned import Verify, trust
from visage.data.rejections import Rejection, count_reasons
from visage.data.screening import Candidate
from visage.files.frames import frame
from visage.params.ingest import Ingest
from visage.schema import CHECKED_QUALITY, INDEX

SCORE_DECIMALS = 3  # more would differ by how many threads multiply matrices


@dataclass(frozen=True, slots=True)
class Accepted(ByValues):
    """A row that is in the store, and what is known of its image."""

    candidate: Candidate
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class Settled:
    """What contradicted itself before anything was set aside for it: groups, and pairs."""

    groups: Contradictions
    pairs: PairCounts


class Intake:
    """Checks candidates' images in parallel and remembers which were accepted.

    n_clipped: how many of the accepted ages were above the grid.
    """

    def __init__(self, root: Path, form: Form, *, verify: Verify = trust) -> None:
        """Takes the source's root, how images are stored, and a check of what was read."""
        self._verify = verify
        self._check = partial(check_image, root=root, form=form)
        self.accepted = Packed[Accepted]()
        self.rejections = Packed[Rejection]()
        self.n_clipped = 0
        self._quality = Packed[tuple[str, float, float, float, float]]()
        self._small = Album()

    def faces(self, candidates: Sequence[Candidate]) -> Iterator[tuple[str, bytes]]:
        """Yields id and JPEG bytes of each accepted image, in the order of `candidates`."""
        rows, ahead = tee(candidates)
        paths = (candidate.record.path for candidate in ahead)
        found = ordered_map(self._check, paths, n=len(candidates), prepare=quiet_decoders)
        checked = zip(rows, found, strict=True)
        for candidate, image in track(
            checked, "checking images", total=len(candidates), disable=not candidates
        ):
            sha256 = None if isinstance(image, Fault) else image.facts.sha256
            self._verify(candidate.record.path, sha256)
            if isinstance(image, Fault):
                self.rejections.append(Rejection(candidate.record, image))
            else:
                self.accepted.append(Accepted(candidate, image.facts))
                self.n_clipped += candidate.labels.clipped
                measured = (*image.luminance.plain(), image.colour)
                self._quality.append((candidate.record.id, *measured))
                self._small.append(image.small)
                yield candidate.record.id, image.content

    def settle(self, index: pd.DataFrame, *, params: Ingest) -> Settled:
        """Returns what of `index` contradicts itself; rejects the images of such groups if asked.

        Images set aside move from the accepted to the rejections; see `contradictions`.
        """
        years, max_bits = params.contradicting_years, params.near_duplicate_bits
        found = contradictions(index, years=years)
        faults = found.faults if params.contradicting == "reject" else {}
        if faults:
            self._set_aside(faults)
        return Settled(found, pair_counts(index, years=years, max_bits=max_bits))

    def _set_aside(self, faults: Mapping[int, Fault]) -> None:
        accepted, self.accepted = self.accepted, Packed()
        for one in accepted:
            fault = faults.get(one.candidate.record.row)
            if fault is None:
                self.accepted.append(one)
            else:
                self.rejections.append(Rejection(one.candidate.record, fault))
                self.n_clipped -= one.candidate.labels.clipped

    def quality(self) -> pd.DataFrame:
        """Returns `schema.CHECKED_QUALITY` of the stored images, in the stores' order."""
        *measured, face = CHECKED_QUALITY
        table = frame(self._quality, pa.schema(measured))
        scores = face_scores(self._small, ids=table["id"].tolist())
        return table.assign(**{face.name: scores.round(SCORE_DECIMALS)})


def index_table(accepted: Iterable[Accepted], *, source: str, max_bits: int) -> pd.DataFrame:
    """Returns the accepted images with the columns of `schema.INDEX`, in their order.

    Images whose hashes differ in at most `max_bits` bits are near-duplicates. A group's number is
    the row of its first image; labelled and unlabelled images share groups.
    """
    index = frame((_index_row(one, source=source) for one in accepted), INDEX)
    groups = near_duplicate_groups(index["phash"], max_bits=max_bits)
    return index.assign(group=index["row"].to_numpy()[groups])


def _index_row(accepted: Accepted, *, source: str) -> tuple[Any, ...]:
    record, labels, facts = accepted.candidate.record, accepted.candidate.labels, accepted.facts
    group = None  # not known before the last image
    return (
        record.id,
        record.row,
        record.source or source,
        record.path,
        labels.age,
        labels.age_low,
        labels.age_high,
        labels.gender,
        group,
        record.identity,
        record.race,
        facts.width,
        facts.height,
        facts.sha256,
        facts.phash,
        record.official_part,
    )


def ingest_metrics(
    index: pd.DataFrame, rejected: pd.DataFrame, *, settled: Settled, n_clipped: int
) -> dict[str, Any]:
    """Returns the counts for metrics/ingest.json.

    Pairs and contradicting groups count, kept or rejected.
    """
    n_labelled = len(labelled_rows(index))
    sizes = index["group"].value_counts()
    return {
        "n_by_source": {str(name): int(n) for name, n in index["source"].value_counts().items()},
        "n_labelled": n_labelled,
        "n_unlabelled": len(index) - n_labelled,
        "n_rejected": len(rejected),
        "rejected_by_reason": count_reasons(rejected),
        "n_with_age": int(index["age"].notna().sum()),
        "n_with_gender": int(index["gender"].notna().sum()),
        "n_identities": int(index["identity"].nunique()),
        "n_clipped": n_clipped,
        "n_near_duplicate_groups": int((sizes > 1).sum()),
        "n_in_groups": int(sizes[sizes > 1].sum()),
        "n_near_duplicate_pairs": settled.pairs.n,
        "n_pairs_with_contradicting_ages": settled.pairs.ages,
        "n_pairs_with_contradicting_genders": settled.pairs.genders,
        "n_contradicting_groups": settled.groups.n_groups,
        "n_in_contradicting_groups": len(settled.groups.members),
    }
