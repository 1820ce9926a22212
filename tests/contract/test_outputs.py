"""Outputs hold no commit, time, host, run id or absolute path: equal results are equal bytes."""

import re
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

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


def traces(project: Path, words: dict[str, bytes], *, host: str) -> list[str]:
    """Returns `file: what` for each trace of one run, or one machine, in the outputs."""
    found = []
    host_word = re.compile(rb"(?<![\w.-])" + re.escape(host.encode()) + rb"(?![\w.-])")
    for path in sorted(path for name in OUTPUTS for path in (project / name).rglob("*")):
        if not path.is_file() or path.name in NO_OUTPUT:
            continue
        content, name = path.read_bytes(), path.relative_to(project).as_posix()
        found += [f"{name}: {what}" for what, word in words.items() if word in content]
        is_text = path.suffix in {".csv", ".json", ".html"}
        if is_text and host_word.search(EMBEDDED.sub(b"", content)):
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
        ("data/index.parquet", b"PAR1\x00/home/me/visage\x00", "path"),
    ],
)
def test_seen_to_fail(outputs: Path, name: str, content: bytes, what: str) -> None:
    words = {"commit": b"0123456789ab", "path": b"/home/me/visage", "today": b"2026-02-03"}
    (outputs / name).write_bytes(content)
    assert traces(outputs, words, host="vm") == [f"{name}: {what}"]


def test_a_picture_is_no_trace_of_a_host(outputs: Path) -> None:
    (outputs / "metrics/report.html").write_bytes(b'<img src="data:image/png;base64,AA/vm/BB=">')
    assert traces(outputs, {}, host="vm") == []
