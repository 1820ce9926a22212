"""Only models that were judged on the same images with the same labels are compared.

A figure on other images is another question: part of the difference would be that of the images.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from visage.codes import Part
from visage.errors import VisageError
from visage.metrics.details import provenance
from visage.sweep.judged import Judged

DATA = ("age_max", "data", "demo", "ingest", "split")  # sections that make the test part
_SHOWN = 8  # parameters that are named


class OtherTestPartError(VisageError):
    """Two models were judged on different images or labels."""


def refuse_other_tests(models: Sequence[Judged]) -> None:
    """Makes sure that all models have the first one's test part.

    Raises:
        OtherTestPartError: saying how the first other one differs.
    """
    first = models[0]
    for other in models[1:]:
        faults = list(_faults(first, other))
        if faults:
            names = f"{first.reference.name} and {other.reference.name}"
            raise OtherTestPartError(
                f"{names} were not judged on the same test part: {'; '.join(faults)}. Train both "
                "with the same data and split, e.g. `dvc exp run` from one commit"
            )


def changed_params(
    a: Mapping[str, str], b: Mapping[str, str], sections: Sequence[str] = ()
) -> list[str]:
    """Returns the dotted parameters that differ (of these sections, else of all), with values."""
    names = sorted({*a, *b})
    return [
        f"{name}: {a.get(name, 'none')} → {b.get(name, 'none')}"
        for name in names
        if a.get(name) != b.get(name) and (not sections or name.partition(".")[0] in sections)
    ]


def changed_data(a: Mapping[str, str], b: Mapping[str, str]) -> str:
    """Says which parameters may be why two states have other images or labels."""
    params = changed_params(a, b, DATA)
    more = f" and {len(params) - _SHOWN} more" if len(params) > _SHOWN else ""
    return f"parameters: {', '.join(params[:_SHOWN]) or 'all alike, so the data differ'}{more}"


def same_groups(a: Judged, b: Judged) -> bool:
    """Returns whether near-duplicates are grouped alike."""
    first, second = (pd.factorize(model.labels.group)[0] for model in (a, b))
    return np.array_equal(first, second)


def _faults(a: Judged, b: Judged) -> Iterator[str]:
    yield from _only(a, b)
    yield from _only(b, a)
    changed = _relabelled(a, b)
    if changed:
        yield f"{changed} images have other labels"
    hashes = [provenance(model.labels, part=Part.TEST)["data_sha256"] for model in (a, b)]
    if hashes[0] != hashes[1]:
        yield f"ids and labels hash to {hashes[0][:12]} and {hashes[1][:12]}"
        yield changed_data(a.params, b.params)


def _only(model: Judged, other: Judged) -> Iterator[str]:
    """Says how many test images the other one lacks, and what they are to it."""
    ids = set(model.labels.id.tolist()) - set(other.labels.id.tolist())
    if ids:
        parts = Counter(other.parts.get(id_, "not in its data") for id_ in ids)
        told = ", ".join(f"{n} {part}" for part, n in sorted(parts.items()))
        yield (
            f"{len(ids)} of {len(model.labels.id)} images are tested only by "
            f"{model.reference.name} (to {other.reference.name} they are: {told})"
        )


def _relabelled(a: Judged, b: Judged) -> int:
    """How many of the images that both test have another age or gender."""
    _, left, right = np.intersect1d(a.labels.id, b.labels.id, return_indices=True)
    ages = ~np.isclose(a.labels.age[left], b.labels.age[right], rtol=0, atol=1e-6, equal_nan=True)
    return int((ages | (a.labels.gender[left] != b.labels.gender[right])).sum())
