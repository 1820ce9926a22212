"""Outputs hold no commit, time, host, run id or absolute path: equal results are equal bytes."""

import re
import socket
import subprocess
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pa_parquet
import pytest
from pyarrow import types

from visage.files.tables import write_table
from visage.schema import SPLITS

OUTPUTS = ("data", "models", "metrics")
NO_OUTPUT = {"train.json"}  # speed and memory, for MLflow; neither DVC's nor Git's
EMBEDDED = re.compile(rb"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+")  # holds any short word by chance


def forbidden(project: Path) -> dict[str, bytes]:
    """Returns what must not stand in an output of this project's run, by what it is."""
    command = ["git", "-C", str(project), "rev-parse", "HEAD"]
    head = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    now = datetime.now(UTC)
    runs = sorted((project / "mlflow/artifacts").glob("*/"))
    return {
        "commit": head[:12].encode(),
        "path": str(project.resolve()).encode(),
        "home": str(Path.home()).encode() + b"/",
        "today": f"{now:%Y-%m-%d}".encode(),
        "yesterday": f"{now - timedelta(days=1):%Y-%m-%d}".encode(),
        **{f"run {run.name[:8]}": run.name.encode() for run in runs},
    }


def texts(path: Path) -> bytes:
    """Returns what a reader would see: of a table its texts, of a page all but its pictures."""
    if path.suffix == ".parquet":
        columns = [column for column in pa_parquet.read_table(path).columns if is_text(column.type)]
        return "\n".join(str(cell) for column in columns for cell in column.to_pylist()).encode()
    is_plain = path.suffix in {".csv", ".json", ".html", ".md"}
    return EMBEDDED.sub(b"", path.read_bytes()) if is_plain else b""


def is_text(kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def contents(path: Path) -> bytes:
    """Returns a file's bytes, and what they hold compressed or encoded."""
    content = path.read_bytes()
    pictures = [b64decode(found.partition(b",")[2]) for found in EMBEDDED.findall(content)]
    return b"\n".join([content, texts(path), *pictures])


def traces(project: Path, words: dict[str, bytes], *, host: str) -> list[str]:
    """Returns `file: what` for each trace of one run, or one machine, in the outputs."""
    found = []
    host_word = re.compile(rb"(?<![\w.-])" + re.escape(host.encode()) + rb"(?![\w.-])")
    for path in sorted(path for name in OUTPUTS for path in (project / name).rglob("*")):
        if not path.is_file() or path.name in NO_OUTPUT:
            continue
        content, name = contents(path), path.relative_to(project).as_posix()
        found += [f"{name}: {what}" for what, word in words.items() if word in content]
        if host_word.search(texts(path)):
            found.append(f"{name}: host")
    return found


def test_no_output_tells_where_or_when_it_was_made(finished: Path) -> None:
    assert (finished / "models/model.safetensors").is_file()
    assert traces(finished, forbidden(finished), host=socket.gethostname()) == []


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    for name in OUTPUTS:
        (tmp_path / name).mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("metrics/evaluate.json", b'{"commit": "0123456789abcdef"}', "commit"),
        ("models/model.json", b'{"root": "/home/me/visage/data"}', "path"),
        ("metrics/report.html", b"<p>made on 2026-02-03</p>", "today"),
        ("metrics/details.json", b'{"host": "vm"}', "host"),
        ("models/init.safetensors", b"\x00\xff/home/me/visage\x00", "path"),
        (
            "metrics/page.html",
            b'<img src="data:image/jpeg;base64,' + b64encode(b"Exif/home/me/visage") + b'">',
            "path",
        ),
    ],
)
def test_seen_to_fail(outputs: Path, name: str, content: bytes, what: str) -> None:
    words = {"commit": b"0123456789ab", "path": b"/home/me/visage", "today": b"2026-02-03"}
    (outputs / name).write_bytes(content)
    assert traces(outputs, words, host="vm") == [f"{name}: {what}"]


@pytest.mark.parametrize(("cell", "what"), [("/home/me/visage/7.jpg", "path"), ("on vm", "host")])
def test_seen_to_fail_in_a_compressed_table(outputs: Path, cell: str, what: str) -> None:
    ids = ["!", "~", cell]  # the least and the greatest stand in the footer, uncompressed
    ids += [f"{number * 7919:x}" for number in range(500)]
    path = outputs / "data/index.parquet"
    write_table(path, pd.DataFrame({"id": ids, "part": "train"}), SPLITS)
    assert cell.encode() not in path.read_bytes()
    found = traces(outputs, {"path": b"/home/me/visage"}, host="vm")
    assert found == [f"data/index.parquet: {what}"]


def test_a_picture_is_no_trace_of_a_host(outputs: Path) -> None:
    (outputs / "metrics/report.html").write_bytes(b'<img src="data:image/png;base64,AA/vm/BB=">')
    assert traces(outputs, {}, host="vm") == []
