from collections.abc import Callable
from pathlib import Path

import pytest

from visage.params.load import read_params
from visage.params.notes import notes_of

Edit = Callable[[str, str], Path]


def test_without_a_validation_part_idle_options_are_named(edited: Edit, root: Path) -> None:
    shares = "{train: 0.6, validation: 0.1, calibration: 0.1, test: 0.2}"
    refit = edited(shares, "{train: 0.95, validation: 0, calibration: 0.05, test: 0}")
    (note,) = notes_of(read_params(refit))
    assert "train.monitor and train.patience are without effect" in note
    assert notes_of(read_params(root / "params.yaml")) == []


def test_learned_weights_leave_given_ones_without_effect(edited: Edit) -> None:
    path = edited("loss_weights: {age: 1.0,", "loss_weights: {age: 2.0,")
    assert notes_of(read_params(path)) == []
    text = path.read_text(encoding="utf-8").replace("balance: static ", "balance: uncertainty ")
    path.write_text(text, encoding="utf-8")
    (note,) = notes_of(read_params(path))
    assert "train.loss_weights is without effect" in note


def test_a_frozen_backbone_leaves_drop_path_without_effect(edited: Edit) -> None:
    path = edited("drop_path_rate: 0.0", "drop_path_rate: 0.1")
    assert notes_of(read_params(path)) == []
    text = path.read_text(encoding="utf-8").replace("finetune: full ", "finetune: head_only ")
    path.write_text(text, encoding="utf-8")
    first, second = notes_of(read_params(path))
    assert "model.drop_path_rate is without effect" in first
    assert "never learnt anything" in second


def test_all_that_a_frozen_backbone_ignores_is_named_at_once(edited: Edit) -> None:
    path = edited("frozen_stages: 0 ", "frozen_stages: 2 ")
    text = path.read_text(encoding="utf-8").replace("finetune: full ", "finetune: head_only ")
    path.write_text(text.replace("layer_decay: 1.0 ", "layer_decay: 0.7 "), encoding="utf-8")
    note, _ = notes_of(read_params(path))
    assert "train.layer_decay, train.frozen_stages are without effect" in note


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("mlp: [512, 256] ", "mlp: [] ", "model.dropout is without effect"),
        ("warmup_epochs: 1 ", "warmup_epochs: 6 ", "the rate rises until the end"),
    ],
)
def test_an_option_that_does_nothing_is_named(
    edited: Edit, before: str, after: str, words: str
) -> None:
    (note,) = notes_of(read_params(edited(before, after)))
    assert words in note


def test_gradual_unfreezing_in_one_epoch_never_unfreezes(edited: Edit) -> None:
    path = edited("finetune: full ", "finetune: gradual ")
    text = path.read_text(encoding="utf-8").replace("  epochs: 6", "  epochs: 1", 1)
    path.write_text(text.replace("warmup_epochs: 1 ", "warmup_epochs: 0 "), encoding="utf-8")
    (note,) = notes_of(read_params(path))
    assert "it is never trained" in note
