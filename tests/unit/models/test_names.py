import timm

from visage.models.names import registered_names


def test_names_are_those_of_timm() -> None:
    assert registered_names() == sorted(timm.list_models())
