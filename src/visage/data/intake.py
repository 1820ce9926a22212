"""What becomes of every row while its image streams from the source to the store.

Images pass through and are not kept, so memory does not grow with them; facts and rejections
are collected on the way and become the index once the stream has ended. Only then are groups
known: what is set aside for its group stays in the store, where nothing reads it, because images
are read by the ids of the index.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.progress import track

from visage.data.check_faces import SIDE, face_scores
from visage.data.contradictions import Contradictions, PairCounts, contradictions, pair_counts
from visage.data.decoding import quiet_decoders
from visage.data.fault import Fault
from visage.data.images import Form, ImageFacts, check_image
from visage.data.index import labelled_rows
from visage.data.near_duplicates import near_duplicate_groups
from visage.data.parallel import ordered_map
from visage.data.pinned import Verify, trust
from visage.data.rejections import Rejection, count_reasons
from visage.data.screening import Candidate
from visage.params.ingest import Ingest
from visage.schema import CHECKED_QUALITY, INDEX

SCORE_DECIMALS = 3  # more would differ by how many threads multiply matrices


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row that is in the store, and what is known of its image."""

    candidate: Candidate
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class Settled:
    """What contradicted itself before anything was set aside for it: groups, and pairs."""

    groups: Contradictions
    pairs: PairCounts


class Intake:
    """Checks candidates' images in parallel and remembers which were accepted."""

    def __init__(self, root: Path, form: Form, *, verify: Verify = trust) -> None:
        """Takes the source's root, how images are stored, and a check of what was read."""
        self._verify = verify
        self._check = partial(check_image, root=root, form=form)
        self.accepted: list[Accepted] = []
        self.rejections: list[Rejection] = []
        self._quality: list[tuple[str, float, float, float, float]] = []
        self._small = bytearray()

    def faces(self, candidates: Sequence[Candidate]) -> Iterator[tuple[str, bytes]]:
        """Yields id and JPEG bytes of each accepted image, in the order of `candidates`."""
        paths = [candidate.record.path for candidate in candidates]
        checked = zip(
            candidates, ordered_map(self._check, paths, prepare=quiet_decoders), strict=True
        )
        for candidate, image in track(
            checked, "checking images", total=len(candidates), disable=not candidates
        ):
            sha256 = None if isinstance(image, Fault) else image.facts.sha256
            self._verify(candidate.record.path, sha256)
            if isinstance(image, Fault):
                self.rejections.append(Rejection(candidate.record, image))
            else:
                self.accepted.append(Accepted(candidate, image.facts))
                measured = (*astuple(image.luminance), image.colour)
                self._quality.append((candidate.record.id, *measured))
                self._small += image.small
                yield candidate.record.id, image.content

    def settle(self, index: pd.DataFrame, *, params: Ingest) -> Settled:
        """Returns what of `index` contradicts itself; rejects the images of such groups if asked.

        Images set aside move from the accepted to the rejections; see `contradictions`.
        """
        years, max_bits = params.contradicting_years, params.near_duplicate_bits
        found = contradictions(index, years=years)
        faults = found.faults if params.contradicting == "reject" else {}
        rows = [(one, faults.get(one.candidate.record.row)) for one in self.accepted]
        self.rejections += [Rejection(one.candidate.record, fault) for one, fault in rows if fault]
        self.accepted = [one for one, fault in rows if not fault]
        return Settled(found, pair_counts(index, years=years, max_bits=max_bits))

    def quality(self) -> pd.DataFrame:
        """Returns `schema.CHECKED_QUALITY` of the stored images, in the stores' order."""
        small = np.frombuffer(self._small, np.uint8).reshape(-1, SIDE, SIDE)
        *measured, last = CHECKED_QUALITY.names
        table = pd.DataFrame(self._quality, columns=measured)
        return table.assign(**{last: face_scores(small).round(SCORE_DECIMALS)})

    @property
    def n_clipped(self) -> int:
        """How many of the accepted ages were above the grid."""
        return sum(one.candidate.labels.clipped for one in self.accepted)


def index_table(accepted: Iterable[Accepted], *, source: str, max_bits: int) -> pd.DataFrame:
    """Returns the accepted images with the columns of `schema.INDEX`, in the source's order.

    Images whose hashes differ in at most `max_bits` bits are near-duplicates. A group's number is
    the row of its first image; labelled and unlabelled images share groups.
    """
    in_order = sorted(accepted, key=lambda one: one.candidate.record.row)
    rows = [_index_row(one, source=source) for one in in_order]
    index = pd.DataFrame(rows, columns=INDEX.names)
    groups = near_duplicate_groups(index["phash"].tolist(), max_bits=max_bits)
    return index.assign(group=index["row"].to_numpy()[groups])


def _index_row(accepted: Accepted, *, source: str) -> dict[str, Any]:
    record, labels, facts = accepted.candidate.record, accepted.candidate.labels, accepted.facts
    return {
        "id": record.id,
        "row": record.row,
        "source": record.source or source,
        "source_path": record.path,
        "age": labels.age,
        "age_low": labels.age_low,
        "age_high": labels.age_high,
        "gender": labels.gender,
        "identity": record.identity,
        "race": record.race,
        "width": facts.width,
        "height": facts.height,
        "sha256": facts.sha256,
        "phash": facts.phash,
        "official_part": record.official_part,
    }


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
        "n_in_contradicting_groups": len(settled.groups.faults),
    }
