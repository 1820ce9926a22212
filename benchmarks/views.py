"""What is each view of test-time augmentation worth, and what does it cost?

    python -m benchmarks.views --project . --part calibration

A finished project's model sees the faces of its calibration or validation part (never those of the
test part) under every view of the registry. Printed, for each view, is its cost in ms an image and
as a ratio to the identity alone (medians over batches; the views take turns, so that a busy machine
slows all alike, and the ratio is what another machine may expect), and what the average of
identity and view is better by, paired, with its interval. Then views are added one
by one, each time the one that helps most. What is best of many on one part flatters itself there:
the gain that counts is `tta_difference` of metrics/details.json.
Ages are the posterior's mean, genders are told at one half: nothing is fitted.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from visage import schema
from visage.ensemble.choosing import Scores, best
from visage.estimates import Estimates, Floats, Labels
from visage.files import paths
from visage.files.faces import FaceStore
from visage.files.tables import read_table
from visage.inference.machine import machine
from visage.inference.predictor import Predictor
from visage.inference.seeing import SizeError, View, refuse_sizes, views
from visage.metrics.headlines import HEADLINES, headline_differences, headlines
from visage.models.checkpoint import load_model
from visage.models.network import Network
from visage.posterior.age import mean_age
from visage.posterior.views import IDENTITY
from visage.registry import members
from visage.vision.dataset import faces
from visage.vision.loader import batches, in_order

DECIMALS = {"mae": 3, "rmse": 3, "gender_f1": 4, "harmonic": 4}


@dataclass(frozen=True, eq=False)
class Seen:
    """What was seen under each view: posteriors (N, A), probabilities of male (N,).

    `cost` is its time by that of the identity, `ms` its milliseconds an image.
    """

    labels: Labels
    posterior: dict[str, Floats]
    male: dict[str, Floats]
    cost: dict[str, float]
    ms: dict[str, float]

    def told(self, names: Sequence[str]) -> Estimates:
        """Returns what the average over these views says."""
        age, gender = None, None
        if self.posterior:
            age = mean_age(np.mean([self.posterior[name] for name in names], axis=0))
        if self.male:
            male = np.mean([self.male[name] for name in names], axis=0)
            gender = (male >= 0.5).astype(np.int64)
        return Estimates(age=age, gender=gender)


def look(project: Path, part: str, *, batch_size: int, most: int) -> Seen:
    """Returns what the project's model says of at most so many faces of the part."""
    network = load_model(project / paths.MODEL, project / paths.MODEL_JSON)
    predictor = Predictor(network, (), device=machine().device)
    table, store = rows(project, part).head(most), FaceStore(project / paths.FACES)
    own, stored = network.spec.image_size, store.image(store.ids[0]).shape[0]
    each = possible(network, stored=stored)
    names, read = list(each), {}
    for side in {view.side(own) for view in each.values()}:
        data = faces(store, table, image_size=side)
        read[side] = batches(data, in_order(data), batch_size=batch_size, workers=0)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    found: dict[str, list[tuple[NDArray[np.float32] | None, NDArray[np.float32] | None]]]
    found = {name: [] for name in names}
    for sized in zip(*read.values(), strict=True):
        at = dict(zip(read, sized, strict=True))
        for name, view in each.items():
            images = at[view.side(own)].images
            predictor.views = (view,)
            started = time.perf_counter()
            told = predictor([images])
            seconds[name].append((time.perf_counter() - started) / len(images))
            found[name].append((told.posterior, told.gender_probability))
    base = np.array(seconds[IDENTITY])
    return Seen(
        labels_of(table),
        posterior=joined({name: [a for a, _ in some] for name, some in found.items()}),
        male=joined({name: [b for _, b in some] for name, some in found.items()}),
        cost={name: float(np.median(np.array(taken) / base)) for name, taken in seconds.items()},
        ms={name: 1000 * float(np.median(taken)) for name, taken in seconds.items()},
    )


def possible(network: Network, *, stored: int) -> dict[str, View]:
    """Returns the views, identity first, but for those of more pixels than are stored or taken."""
    names = [IDENTITY, *(name for name in members("visage.inference.views") if name != IDENTITY)]
    each = {}
    for view in views(names):
        side = view.side(network.spec.image_size)
        if side > stored:
            print(f"left out: {view.name} sees faces of {side} pixels, {stored} are stored")
            continue
        try:
            refuse_sizes(network, [view])
        except SizeError as error:
            print(f"left out: {error}")
            continue
        each[view.name] = view
    return each


def rows(project: Path, part: str) -> pd.DataFrame:
    """Returns the part's rows of the index."""
    index = read_table(project / paths.INDEX, schema.INDEX)
    splits = read_table(project / paths.SPLITS, schema.SPLITS)
    return index[index["id"].isin(splits.loc[splits["part"] == part, "id"])]


def labels_of(table: pd.DataFrame) -> Labels:
    """Returns the labels of rows of the index."""
    return Labels(
        id=table["id"].to_numpy(dtype=object),
        age=table["age"].to_numpy(dtype=np.float64, na_value=np.nan),
        gender=table["gender"].to_numpy(dtype=np.int64, na_value=-1),
        group=table["group"].to_numpy(dtype=np.int64),
    )


def joined(found: dict[str, list[NDArray[np.float32] | None]]) -> dict[str, Floats]:
    """Returns the batches' values of each view as one; nothing without such a head."""
    whole = {name: [one for one in some if one is not None] for name, some in found.items()}
    return {
        name: np.concatenate(some)[:, 0].astype(np.float64) for name, some in whole.items() if some
    }


def line(seen: Seen, names: Sequence[str], *, resamples: int) -> str:
    """Returns the difference of an average of views from the identity, with 95 % intervals."""
    sides = [[seen.told([IDENTITY])], [seen.told(names)]]
    found = headline_differences(
        seen.labels, sides[0], sides[1], resamples=resamples, level=0.95, seed=17
    )
    texts = [
        f"{name} {of.value:+.{DECIMALS[name]}f} [{of.low:+.{DECIMALS[name]}f}, "
        f"{of.high:+.{DECIMALS[name]}f}]"
        for name, of in found.items()
    ]
    cost, ms = (sum(of[name] for name in names) for of in (seen.cost, seen.ms))
    return f"{ms:7.2f} ms {cost:5.2f}  {'  '.join(texts)}"


def score(seen: Seen, names: Sequence[str]) -> Scores:
    """Returns the headline figures of an average of views."""
    return {name: float(of) for name, of in headlines(seen.labels, seen.told(names)).items()}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--part", choices=("calibration", "validation"), default="calibration")
    parser.add_argument("--most", type=int, default=100_000, help="faces")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--resamples", type=int, default=2000)
    given = parser.parse_args()
    seen = look(given.project, given.part, batch_size=given.batch, most=given.most)
    alone = headlines(seen.labels, seen.told([IDENTITY]))
    known = ", ".join(
        f"{name} {alone[name]:.{DECIMALS[name]}f}" for name in HEADLINES if name in alone
    )
    print(f"{len(seen.labels.id)} faces of the {given.part} part; identity alone: {known}")
    print(
        f"identity and one view: ms an image on {machine().device} (identity alone "
        f"{seen.ms[IDENTITY]:.2f}), cost (identity alone 1), difference from identity alone"
    )
    others = [name for name in seen.cost if name != IDENTITY]
    for name in others:
        print(f"{name:18s} {line(seen, [IDENTITY, name], resamples=given.resamples)}")
    print("views added one by one, each time the one that helps most")
    taken = [IDENTITY]
    while others:
        name = others[best([score(seen, [*taken, one]) for one in others])]
        others.remove(name)
        taken.append(name)
        print(f"+ {name:16s} {line(seen, taken, resamples=given.resamples)}")


if __name__ == "__main__":
    main()
