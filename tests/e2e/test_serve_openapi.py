"""What the OpenAPI description promises, held against requests that schemathesis makes up."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("key", [None, "0123456789abcdef"])
def test_schemathesis_finds_nothing(
    fake_server: Callable[..., Any], tmp_path: Path, key: str | None
) -> None:
    served = fake_server(key=key)
    words = ["run", f"{served.url}/openapi.json", "--checks", "all", "--max-examples", "40"]
    words += ["--seed", "1", "--no-color"]
    words += ["--header", f"Authorization: Bearer {key}"] if key else []
    done = subprocess.run(
        [Path(sys.executable).parent / "schemathesis", *words],
        cwd=tmp_path,
        env={
            **os.environ,
            "SCHEMATHESIS_HOOKS": str(Path(__file__).parent / "schemathesis_hooks.py"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert served.process.poll() is None
