"""Where the faces come from: how many, how they were split and drawn, and what was handed in."""

from collections.abc import Mapping
from typing import Any

from visage.codes import Part
from visage.data.age_bins import NOT_KNOWN
from visage.reporting.blocks import Fact, Facts, Figure, Section, Table
from visage.reporting.figures import sampling
from visage.reporting.formats import age_range, count
from visage.reporting.inputs import Inputs

_GENDERS = ("female", "male", NOT_KNOWN)
_COUNTS = {
    "source": "Source",
    "n_labelled": "Labelled faces",
    "n_unlabelled": "Unlabelled faces",
    "n_rejected": "Rows set aside",
    "n_clipped": "Ages clipped to the grid",
    "n_near_duplicate_groups": "Groups of near-duplicates",
    "n_in_groups": "Faces in these groups",
    "n_near_duplicate_pairs": "Pairs of near-duplicates",
    "n_pairs_with_contradicting_ages": "Pairs whose ages contradict",
    "n_pairs_with_contradicting_genders": "Pairs whose genders contradict",
    "n_contradicting_groups": "Groups with contradicting labels",
}
_SPLIT = {
    "method": "Split",
    "near_duplicate_pairs_across_parts": "Near-duplicate pairs across parts",
    "identities": "People known by the source",
    "identities_across_parts": "People in more than one part",
    "split_seed": "Split seed",
}

_SUBMISSION = {
    "n": "Rows",
    "n_fallback": "Rows of the trivial predictor (image not usable)",
    "n_out_of_range": "Estimated ages cut to the range that is allowed",
    "n_unfamiliar": "Unfamiliar faces",
}


def dataset(inputs: Inputs) -> Section:
    """Returns the section with the counts of `ingest`, `split` and `predict`, and the weights."""
    parts = inputs.split.get("parts") or {}
    submitted = _submitted(inputs)
    return Section(
        key="data",
        title="Data",
        blocks=(
            Facts("Images", tuple(_facts(inputs))),
            *([_sampling(inputs)] if len(inputs.age_histogram) else []),
            *([_parts(parts, inputs.split_counts)] if parts else []),
            *([Facts("Submission", tuple(submitted))] if submitted else []),
        ),
    )


def _facts(inputs: Inputs) -> list[Fact]:
    found = {name: inputs.ingest.get(key) for key, name in _COUNTS.items()}
    found |= {name: inputs.split.get(key) for key, name in _SPLIT.items()}
    if not inputs.split.get("identities"):
        found.pop(_SPLIT["identities_across_parts"])
    return [
        Fact(name, count(value) if isinstance(value, int) and "seed" not in name else str(value))
        for name, value in found.items()
        if value is not None
    ]


def _submitted(inputs: Inputs) -> list[Fact]:
    found = {name: inputs.submission.get(key) for key, name in _SUBMISSION.items()}
    return [Fact(name, count(n)) for name, n in found.items() if n is not None]


def _sampling(inputs: Inputs) -> Figure:
    return Figure(
        svg=sampling(inputs.age_histogram),
        title="Sampling by age",
        caption="Share of each age among the training images, and among the images that the "
        "weighted sampler draws.",
        alt="Histogram of training ages, with a line for the shares after weighting.",
    )


def _parts(parts: Mapping[str, Any], counts: Mapping[str, Any]) -> Table:
    names = [part.value for part in Part if part.value in parts]
    by_age = [counts.get(name, {}) for name in names]
    labels = {label for ages in by_age for label in ages}
    bins = [*sorted(labels - {NOT_KNOWN}, key=_edges), *(labels & {NOT_KNOWN})]
    genders = [name for name in _GENDERS if any(_of(a, b, name) for a in by_age for b in bins)]
    rows = [
        (_age(label), *(count(_of(ages, label, gender)) for ages in by_age for gender in genders))
        for label in bins
    ]
    return Table(
        title="Faces by part, age and gender",
        ordered=True,
        columns=("Age", *(gender for _ in names for gender in genders)),
        wide=True,
        groups=tuple((f"{name} ({count(parts[name].get('n'))})", len(genders)) for name in names),
        rows=tuple(rows),
    )


def _of(ages: Mapping[str, Any], label: str, gender: str) -> int:
    return int(ages.get(label, {}).get(gender, 0))


def _age(label: str) -> str:
    return label if label == NOT_KNOWN else age_range(*_edges(label))


def _edges(label: str) -> tuple[int, int]:
    """Returns the bin [from, to) of a label such as 20-29."""
    first, last = label.split("-")
    return int(first), int(last) + 1
