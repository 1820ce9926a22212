from pathlib import Path

import pytest

from visage.ensemble import asked as module
from visage.ensemble.asked import AskedError, asked
from visage.sweep.references import Reference


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    commits = {"a": "1" * 40, "b": "2" * 40, "twin": "1" * 40, "x/y": "3" * 40}
    monkeypatch.setattr(module, "find", lambda name, root: Reference(name, commits[name]))


def test_members_weigh_alike_and_name_the_folder() -> None:
    found = asked(["a", "b"], Path(), name=None, weights=None)
    assert (found.name, list(found.weights)) == ("a+b", [1.0, 1.0])
    assert [reference.commit[0] for reference in found.references if reference.commit] == ["1", "2"]


def test_weights_and_name_are_taken() -> None:
    found = asked(["a", "b"], Path(), name="mine", weights="2,0.5")
    assert (found.name, list(found.weights)) == ("mine", [2.0, 0.5])


@pytest.mark.parametrize("weights", ["1", "1,2,3", "1,0", "1,-1", "1,x", "1,nan", "1,inf", ""])
def test_wrong_weights_are_refused(weights: str) -> None:
    with pytest.raises(AskedError, match="must be 2 numbers above 0"):
        asked(["a", "b"], Path(), name=None, weights=weights)


@pytest.mark.parametrize("name", ["../up", "", ".hidden", "a b"])
def test_a_name_that_is_no_folder_is_refused(name: str) -> None:
    with pytest.raises(AskedError, match="give --name"):
        asked(["a", "b"], Path(), name=name, weights=None)


def test_names_with_slashes_need_a_name() -> None:
    with pytest.raises(AskedError, match=r"a\+x/y: can't be the name of a folder"):
        asked(["a", "x/y"], Path(), name=None, weights=None)


def test_one_member_is_refused() -> None:
    with pytest.raises(AskedError, match="needs two members"):
        asked(["a"], Path(), name=None, weights=None)


def test_a_member_twice_is_refused() -> None:
    with pytest.raises(AskedError, match="a, twin: a member stands there twice"):
        asked(["a", "twin"], Path(), name=None, weights=None)
