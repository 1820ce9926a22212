from importlib.metadata import version

from visage.submission.kind import other_versions, told_machine


def test_versions_that_are_as_wanted_or_not_here_are_not_told() -> None:
    text = f"# pandas==0\npandas=={version('pandas')}\nno-such-package==1.0\nfoo>=1\n"
    assert other_versions(text) == []


def test_another_version_is_told_with_the_one_that_is_wanted() -> None:
    (told,) = other_versions("pandas==0.1  # old\n")
    assert told == f"pandas {version('pandas')} (constraints.txt: 0.1)"


def test_a_marker_is_no_part_of_a_version() -> None:
    assert other_versions(f"pandas=={version('pandas')}; python_version > '3'\n") == []


def test_the_machine_is_told_with_what_may_change_the_last_digits() -> None:
    told = told_machine()
    assert all(word in told for word in ("device cpu", "threads", "torch "))
