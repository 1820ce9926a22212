"""Finding a backbone's tensors in the checkpoint of another trainer.

A trainer nests its state dicts (`state_dict`, `model`, `model_ema`, ...) and puts wrappers' names
in front of the tensors' (`model.`, `module.`, `backbone.`, ... in any stack). No list of those is
ever complete, so none is kept: every mapping with tensors and every prefix in it is tried, also
through timm's own converter of the architecture, and the one under which most of the backbone's
tensors stand is taken. Among equals an average of the weights (EMA) comes first, then what stands
first in the file.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate

from torch import Size, Tensor, nn

from visage.models.account import counts

# What torch.compile, FSDP and activation checkpointing put anywhere into a name.
WRAPPER = re.compile(r"\b(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module)\.")
AVERAGE = re.compile(r"(?<![a-z])ema(?![a-z])", re.IGNORECASE)
DEEPEST = 4  # nested mappings; a pickle may hold a cycle
LEAST_SHARE = 0.1  # of the backbone's tensors, that must stand behind a prefix to try it
# What timm's converters raise at a checkpoint that is not one of those they know.
STRANGE = (
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    ValueError,
    RuntimeError,
    AssertionError,
)

Tensors = dict[str, Tensor]
Shapes = Mapping[str, Size]


@dataclass(frozen=True)
class Found:
    """Tensors by the backbone's names, and where they were.

    Attributes:
        place: the nest in the file, keys joined by "/"; "" at the top.
        prefix: what stood in front of the names.
        converted: whether timm's converter of the architecture has renamed or reshaped them.
        beside: names of the tensors in the same nest without the prefix.
    """

    place: str
    prefix: str
    converted: bool
    tensors: Tensors
    beside: tuple[str, ...]

    def where(self) -> str:
        """Returns place and prefix in words."""
        words = [f"under {self.place}"] if self.place else []
        words += [f"without the prefix {self.prefix}"] if self.prefix else []
        words += ["through timm's converter"] if self.converted else []
        return ", ".join(words) or "as they stand"


def find(checkpoint: object, backbone: nn.Module) -> Found | None:
    """Returns the tensors that fit `backbone` best; None where the checkpoint holds no tensor."""
    wanted = {k: v.shape for k, v in backbone.state_dict().items() if counts(k)}
    least = LEAST_SHARE * len(wanted)
    plain = [
        one
        for place, tensors in nests(checkpoint)
        for one in _without_prefixes(place, tensors, least=least)
    ]
    best = _best(plain, wanted)
    if best is None or _score(best, wanted) == len(wanted):
        return best
    large = [one for one in plain if len(one.tensors) >= least]
    return _best([*plain, *_through_timm(large, backbone)], wanted)


def nests(checkpoint: object, *, place: str = "", depth: int = 0) -> Iterator[tuple[str, Tensors]]:
    """Yields each mapping with tensors in `checkpoint`: where it is, and its tensors."""
    if not isinstance(checkpoint, Mapping) or depth > DEEPEST:
        return
    tensors = {
        WRAPPER.sub("", str(name)): value
        for name, value in checkpoint.items()
        if isinstance(value, Tensor)
    }
    if tensors:
        yield place, tensors
    for name, value in checkpoint.items():
        yield from nests(value, place=f"{place}/{name}" if place else str(name), depth=depth + 1)


def prefixes(names: Iterable[str], *, least: float) -> list[str]:
    """Returns "" and each dotted prefix of at least `least` names, in order of appearance."""
    counter = Counter(
        prefix for name in names for prefix in accumulate(f"{w}." for w in name.split(".")[:-1])
    )
    return ["", *(prefix for prefix, number in counter.items() if number >= least)]


def _without_prefixes(place: str, tensors: Tensors, *, least: float) -> Iterator[Found]:
    for prefix in prefixes(tensors, least=least):
        inside = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        beside = tuple(k for k in tensors if not k.startswith(prefix))
        yield Found(place, prefix, converted=False, tensors=inside, beside=beside)


def _through_timm(plain: list[Found], backbone: nn.Module) -> Iterator[Found]:
    """Yields what timm's own converter of the architecture, if it has one, makes of each."""
    convert = _converter(backbone)
    if convert is None:
        return
    for one in plain:
        with suppress(*STRANGE):
            yield replace(one, converted=True, tensors=convert(dict(one.tensors)))


def _converter(backbone: nn.Module) -> Callable[[Tensors], Tensors] | None:
    """Returns timm's converter; those of the older name (VGG, RegNet) do not ask for the model."""
    module = sys.modules[type(backbone).__module__]
    convert = getattr(module, "checkpoint_filter_fn", None)
    if convert is not None:
        return lambda tensors: convert(tensors, backbone)
    return getattr(module, "_filter_fn", None)


def _best(candidates: list[Found], wanted: Shapes) -> Found | None:
    def rank(one: Found) -> tuple[int, bool]:
        return _score(one, wanted), bool(AVERAGE.search(f"{one.place}/{one.prefix}"))

    return max(candidates, key=rank, default=None)


def _score(one: Found, wanted: Shapes) -> int:
    return sum(k in wanted and v.shape == wanted[k] for k, v in one.tensors.items())
