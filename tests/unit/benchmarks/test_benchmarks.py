"""Each benchmark that needs no finished run begins, measures and prints: a few seconds in all.

What it measures here says nothing; that it still fits the code that it calls does.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from visage.files.jpeg import decode, encode
from visage.files.tables import write_table
from visage.schema import PREDICTIONS

Run = Callable[..., str]


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Returns a function that runs a benchmark with these words, and gives what it printed."""

    def started(name: str, *words: object) -> str:
        monkeypatch.syspath_prepend(root)
        monkeypatch.setattr(sys, "argv", [name, *map(str, words)])
        import_module(f"benchmarks.{name}").main()
        return capsys.readouterr().out

    return started


def test_near_duplicates_of_drawn_hashes(run: Run) -> None:
    out = run("near_duplicates", "--sizes", 200, 400, "--max-bits", 10)
    assert "| 400 |" in out
    assert "seconds grow with n to the power of" in out


def test_near_duplicates_of_a_folder(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for number in range(40):
        image = np.kron(rng.integers(0, 256, (8, 8, 3), dtype=np.uint8), np.ones((8, 8, 1), "u1"))
        (tmp_path / f"{number}.jpg").write_bytes(encode(image, jpeg_quality=90))
    assert "| 40 |" in run("near_duplicates", "--images", tmp_path)


def test_ingest_beside_a_bare_loop(run: Run) -> None:
    assert "n = 8, 1 rounds: visage / bare loop" in run("ingest", "--images", 8, "--rounds", 1)


def test_stopping_replays_a_history(run: Run, tmp_path: Path) -> None:
    values = [0.5, 0.6, 0.55, 0.58, 0.7, 0.65]
    pd.DataFrame({"val_harmonic": values}).to_csv(tmp_path / "history.csv", index=False)
    out = run("stopping", tmp_path / "history.csv", "--warmup", 3)
    early, late = "stops at 4, keeps 2, loses 0.1000", "stops at 6, keeps 5, loses 0.0000"
    assert f"patience 2: {early}; after 3 epochs: {late}" in out


def test_unsquare_cuts_photos_and_keeps_their_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "square").mkdir()
    for number in range(12):
        face = encode(np.full((50, 50, 3), 20 * number, np.uint8), jpeg_quality=90)
        (tmp_path / "square" / f"{number:02d}_0.jpg").write_bytes(face)
    assert "12 photos" in run("unsquare", tmp_path / "square", tmp_path / "cut")
    names = sorted(path.name for path in (tmp_path / "cut").iterdir())
    shapes = [decode((tmp_path / "cut" / name).read_bytes()).shape for name in names]
    assert names == [f"{number:02d}_0.jpg" for number in range(12)]
    assert all(50 in shape[:2] and min(shape[:2]) >= 30 for shape in shapes)
    assert len({shape[0] < shape[1] for shape in shapes}) == 2


def test_slices(run: Run) -> None:
    assert "300" in run("slices", "--images", 300, "--resamples", 20)


def test_coverage(run: Run, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    ages = rng.integers(20, 60, 200)
    density = np.exp(
        -0.5 * ((np.arange(101) - ages[:, None] - rng.normal(0, 4, (200, 1))) / 5) ** 2
    )
    posterior = (density / density.sum(axis=1, keepdims=True)).astype(np.float32)
    table = pd.DataFrame({"id": [f"{row:03d}" for row in range(200)], "view": "identity"})
    table = table.assign(age=ages, gender=0, group=range(200), posterior=list(posterior))
    path = tmp_path / "test.parquet"
    write_table(path, table.assign(gender_probability=np.float32(0.5)), PREDICTIONS)
    assert "200 images, 2 re-splits" in run("coverage", path, "--splits", 2)


def test_gradient_balance(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        image = np.full((40, 40, 3), 20 * number, np.uint8)
        name = f"{20 + number}_{number % 2}_0_201701162246{number:05d}.jpg.chip.jpg"
        (tmp_path / name).write_bytes(encode(image, jpeg_quality=90))
    monkeypatch.chdir(root)  # its params.yaml
    monkeypatch.syspath_prepend(root)
    module = import_module("benchmarks.gradient_balance")
    for limit, value in (("BATCH", 4), ("EPOCHS", 1), ("SETTINGS", module.SETTINGS[:1])):
        monkeypatch.setattr(module, limit, value)
    assert "8 faces, 2 to test on" in run("gradient_balance", tmp_path, "--images", 10)


def test_folding(run: Run) -> None:
    words = ("--backbone", "test_resnet", "--size", 32, "--batch", 2, "--rounds", 1)
    assert "folded" in run("folding", *words)


def test_backbones(run: Run) -> None:
    words = ("test_resnet", "--size", 32, "--batch", 2, "--rounds", 1)
    assert "learn" in run("backbones", *words)
