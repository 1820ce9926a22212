"""A missing browser: a skipped test on a desk, a failed one in continuous integration."""

from collections.abc import Callable
from pathlib import Path

import pytest

Find = Callable[[], tuple[str, str]]


@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_without_chromium_continuous_integration_fails(
    find_chromium: Find,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ci: str,
    outcome: type[BaseException],
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="apt-get install chromium"):
        find_chromium()


def test_continuous_integration_says_that_it_is(root: Path) -> None:
    assert "\nexport CI=true" in (root / ".ci/run").read_text(encoding="utf-8")
