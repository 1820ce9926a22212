"""What the choice of training seeds adds to the resamples of a mean over few of them.

Drawn as they are, two or three seeds find a difference that is not there in up to every third
trial, and what the images explain is counted three times (docs/decisions/0017-comparing.md). So
their draws are rescaled to an unbiased variance (Rao & Wu 1988), less the images' share as in an
analysis of variance (Searle, Casella & McCulloch 1992), and the interval is stretched to Student's
t with Satterthwaite's degrees of freedom (1946).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from scipy.special import stdtrit

from visage.estimates import Floats


@dataclass(frozen=True, eq=False)
class SeedPart:
    """The seeds' part in a side's mean.

    Attributes:
        draws: what it adds to each of R resamples, (R,), mean 0.
        variance: of the draws, unbiased; what the images explain is in it.
        of_images: what the images explain.
        freedom: degrees of freedom of `variance`, 0 where there is one seed.
    """

    draws: Floats
    variance: float = 0.0
    of_images: float = 0.0
    freedom: int = 0


def drawn_shares(n_seeds: int, *, resamples: int, generator: np.random.Generator) -> Floats:
    """Returns how often each seed was drawn, (R, S), as a share of S draws with replacement."""
    each = np.full(n_seeds, 1 / n_seeds)
    return generator.multinomial(n_seeds, each, size=resamples) / n_seeds


def seed_part(plain: Floats, resampled: Floats, *, shares: Floats) -> SeedPart:
    """Returns the seeds' part in the mean of a figure over S models.

    Args:
        plain: the figure of each model, (S,).
        resampled: on each resample of the images, (S, R).
        shares: of `drawn_shares`.
    """
    size = len(plain)
    if size == 1:
        return SeedPart(np.zeros(len(shares)))
    apart = resampled - resampled.mean(axis=0)
    return SeedPart(
        draws=np.sqrt(size / (size - 1)) * ((shares - 1 / size) @ plain),
        variance=float(plain.var(ddof=1)) / size,
        of_images=float(apart.var(axis=1).sum()) / (size - 1) / size,
        freedom=size - 1,
    )


def own_share(parts: Sequence[SeedPart]) -> float:
    """Returns the share, 0 to 1, of the sides' variance that the images do not explain."""
    variance = sum(part.variance for part in parts)
    own = variance - sum(part.of_images for part in parts)
    return max(0.0, own / variance) if variance else 0.0


def stretch(images: Floats, parts: Sequence[SeedPart], *, n_groups: int, level: float) -> float:
    """Returns Student's quantile by the normal one: much for few seeds or groups, else about 1.

    Args:
        images: the difference on each resample of the images, (R,).
        parts: of both sides; they count if the images do not explain them.
        n_groups: that the images were drawn by.
        level: of the interval.
    """
    share, of_images = own_share(parts), float(images.var())
    counted = [part for part in parts if part.freedom and share]
    variance = of_images + share * sum(part.variance for part in counted)
    if variance == 0:
        return 1.0
    spread = sum(part.variance**2 / part.freedom for part in counted)
    freedom = variance**2 / (spread + of_images**2 / max(1, n_groups - 1))
    tail = (1 + level) / 2
    return float(stdtrit(freedom, tail)) / NormalDist().inv_cdf(tail)
