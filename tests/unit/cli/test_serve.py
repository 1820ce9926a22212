"""Who is told, at the start of `visage serve`, that others may ask."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import Result

from visage.cli import serve as command
from visage.codes import Task
from visage.estimates import Estimates
from visage.inference.face_model import Images, ModelFacts
from visage.serving.key import VARIABLE
from visage.serving.limits import MIB, Limits

Visage = Callable[..., Result]
FACTS = ModelFacts(32, (Task.AGE,), 100, "stretch", 0.0, True, 0.9, None, "ab" * 32, "onnx")


class Thirty:
    facts = FACTS
    at_once = 1

    def __call__(self, faces: Images) -> Estimates:
        age = np.full(len(faces), 30.0)
        return Estimates(age=age, age_low=age, age_high=age)


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ends the command where it would wait for clients."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(command, "load_face_model", lambda *_, **__: Thirty())
    monkeypatch.setattr(command, "bind", lambda *_: SimpleNamespace())
    monkeypatch.setattr(command, "url_of", lambda _: "http://here")
    for name in ("log_to_stdout", "start_service", "create_app", "run_server"):
        monkeypatch.setattr(command, name, lambda *_, **__: None)


def test_an_address_that_others_reach_without_a_key_is_warned_of(visage: Visage) -> None:
    result = visage("serve", "--host", "0.0.0.0", "--crop", "none")  # noqa: S104
    assert result.exit_code == 0, result.output
    assert result.stderr.splitlines() == [
        "http://here (Ctrl-C ends)",
        "WARNING: whoever reaches 0.0.0.0 may ask; set VISAGE_API_KEY to a key.",
    ]


def test_a_name_that_is_not_this_machines_is_warned_of(visage: Visage) -> None:
    assert "WARNING: whoever reaches faces.lan" in visage("serve", "--host", "faces.lan").stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_nobody_is_warned_of_this_machines_own_address(visage: Visage, host: str) -> None:
    assert visage("serve", "--host", host).stderr == "http://here (Ctrl-C ends)\n"


def test_nobody_is_warned_where_a_key_is_asked_for(
    visage: Visage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "k" * 20)
    assert "WARNING" not in visage("serve", "--host", "0.0.0.0").stderr  # noqa: S104


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e9", "-inf"])
def test_seconds_that_are_no_limit_are_refused_before_the_model_is_loaded(
    visage: Visage, monkeypatch: pytest.MonkeyPatch, seconds: str
) -> None:
    monkeypatch.setattr(command, "load_face_model", lambda *_, **__: pytest.fail("was loaded"))
    result = visage("serve", "--seconds", seconds)
    assert result.exit_code == 2
    assert "--seconds" in result.stderr


@pytest.mark.parametrize(("mib", "held"), [("20", 256), ("300", 600)])
def test_the_largest_photo_fits_beside_another(
    visage: Visage, monkeypatch: pytest.MonkeyPatch, mib: str, held: int
) -> None:
    found: list[Limits] = []
    monkeypatch.setattr(command, "start_service", lambda *_, limits, **__: found.append(limits))
    visage("serve", "--max-mib", mib)
    assert [limits.held_bytes for limits in found] == [held * MIB]
