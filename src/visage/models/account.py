"""What of a set of weights fits a backbone, tensor by tensor, and the words for it.

Batch norm's counters (`num_batches_tracked`) are not counted: nothing here reads them, and older
checkpoints lack them. A classifier's tensors are "left out", because visage has heads of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

COUNTER = "num_batches_tracked"
NAMED = 5  # the first names of a list; a foreign file may hold thousands


@dataclass(frozen=True)
class Account:
    """Names of tensors; `matched` and `wanted` are numbers of the backbone's.

    Attributes:
        missing: of the backbone, without one of that name.
        misshapen: of the backbone, with one of another shape: "name (found) instead of (wanted)".
        unexpected: in the weights, unknown to the backbone.
        left_out: in the weights, of a classifier or beside the backbone.
    """

    matched: int
    wanted: int
    missing: tuple[str, ...]
    misshapen: tuple[str, ...]
    unexpected: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def share(self) -> float:
        """Returns the share of the backbone's tensors that match, 0 to 1."""
        return self.matched / self.wanted

    def lines(self) -> list[str]:
        """Returns the account in words, a line a kind of tensors that there is."""
        kinds = {
            "missing": self.missing,
            "of another shape": self.misshapen,
            "unexpected": self.unexpected,
            "left out": self.left_out,
        }
        head = f"{self.matched} of {self.wanted} tensors match"
        return [head] + [
            f"{len(names)} {kind}: {some(names)}" for kind, names in kinds.items() if names
        ]

    def facts(self) -> dict[str, Any]:
        """Returns the account for init.json: all that stays random, the first of all else."""
        return {
            "matched": self.matched,
            "wanted": self.wanted,
            "missing": self.missing,
            "misshapen": self.misshapen,
            "n_unexpected": len(self.unexpected),
            "unexpected": self.unexpected[:NAMED],
            "n_left_out": len(self.left_out),
            "left_out": self.left_out[:NAMED],
        }


def take_stock(backbone: nn.Module, found: Mapping[str, Tensor], beside: Iterable[str]) -> Account:
    """Returns the account of `found`; `beside` are the names of tensors that stand elsewhere."""
    wanted = {k: v for k, v in backbone.state_dict().items() if counts(k)}
    theirs = {k: v for k, v in found.items() if counts(k)}
    misshapen = [k for k, v in wanted.items() if k in theirs and theirs[k].shape != v.shape]
    missing = [k for k in wanted if k not in theirs]
    others = [k for k in theirs if k not in wanted]
    heads = {k for k in others if _is_classifier(k, backbone)}
    return Account(
        matched=len(wanted) - len(misshapen) - len(missing),
        wanted=len(wanted),
        missing=tuple(missing),
        misshapen=tuple(
            f"{k} {tuple(theirs[k].shape)} instead of {tuple(wanted[k].shape)}" for k in misshapen
        ),
        unexpected=tuple(k for k in others if k not in heads),
        left_out=(*(k for k in others if k in heads), *filter(counts, beside)),
    )


def counts(name: str) -> bool:
    """Returns whether the tensor `name` is one that results depend on."""
    return not name.endswith(COUNTER)


def some(names: tuple[str, ...]) -> str:
    """Returns the first of `names`, and how many more there are."""
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _is_classifier(name: str, backbone: Any) -> bool:
    classifier = backbone.pretrained_cfg.get("classifier") or ()
    known = (classifier,) if isinstance(classifier, str) else classifier
    return any(name.startswith(f"{one}.") for one in known)
