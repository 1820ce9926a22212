import json

from visage.tracking.data_set import data_set

PARAMS = {"data": {"source": "joined", "root": "data/demo"}}
SPLIT = {"parts": {"train": {"n": 90}, "test": {"n": 30}}}


def test_the_data_set_is_named_by_its_sources_with_its_counts() -> None:
    ingest = {"n_by_source": {"utkface": 70, "agedb": 50}, "n_labelled": 120}
    found = data_set(PARAMS, ingest=ingest, split=SPLIT, digest="ab" * 32)
    assert found is not None
    assert (found.name, found.digest) == ("agedb, utkface", "ab" * 16)
    assert json.loads(found.source) == {"uri": "data/demo"}
    assert json.loads(found.profile) == {"n_labelled": 120, "train": 90, "test": 30}


def test_the_parameter_names_it_where_no_counts_do() -> None:
    found = data_set(PARAMS, ingest={}, split={}, digest="ab")
    assert found is not None
    assert found.name == "joined"


def test_data_of_an_unknown_digest_are_not_named() -> None:
    assert data_set(PARAMS, ingest={}, split={}, digest="") is None
