import pytest

from visage.reporting.formats import (
    age_range,
    count,
    gender_name,
    interval,
    level,
    number,
    percent,
    years,
)


def test_a_negative_number_has_a_real_minus_sign() -> None:
    assert number(-3.14159, decimals=2) == "\N{MINUS SIGN}3.14"


@pytest.mark.parametrize("value", [-0.001, 0.0, 0.001])
def test_a_rounded_zero_has_no_sign(value: float) -> None:
    assert number(value, decimals=2, signed=True) == "0.00"


def test_a_signed_number_shows_its_plus() -> None:
    assert years(1.25, decimals=1, signed=True) == "+1.2 years"


def test_thousands_are_set_apart() -> None:
    assert count(11_573_634) == "11,573,634"


def test_a_share_becomes_a_percentage() -> None:
    assert percent(0.9) == "90.0 %"


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.9996, 1, "99.96 %"),
        (0.997, 0, "99.7 %"),
        (0.0003, 1, "0.03 %"),
        (1.0, 1, "100.0 %"),
        (0.0, 0, "0 %"),
        (1 - 1e-12, 1, "100.0 %"),  # a rounding error
    ],
)
def test_a_share_is_not_rounded_to_all_or_none(share: float, decimals: int, text: str) -> None:
    assert percent(share, decimals=decimals) == text


@pytest.mark.parametrize(
    ("promised", "text"),
    [
        (0.95, "95 %"),
        (0.9, "90 %"),
        (0.975, "97.5 %"),
        (0.995, "99.5 %"),
        (0.999, "99.9 %"),
        (0.9995, "99.95 %"),
        (10 / 11, "91 %"),
        (0.005, "0.5 %"),
        (None, "\N{EN DASH}"),
    ],
)
def test_a_level_has_the_decimals_that_tell_it_from_all(promised: float | None, text: str) -> None:
    assert level(promised) == text


def test_an_interval_is_read_from_low_to_high() -> None:
    assert interval([-1.0, 2.5], decimals=1) == "\N{MINUS SIGN}1.0 to 2.5"


@pytest.mark.parametrize("bounds", [None, (None, None)])
def test_no_interval_is_said_in_words(bounds: tuple[None, None] | None) -> None:
    assert interval(bounds, decimals=1) == "too few"


def test_an_age_bin_names_its_first_and_last_year() -> None:
    assert age_range(20, 30) == "20\N{EN DASH}29"


def test_what_is_missing_is_a_dash() -> None:
    texts = {
        number(None, decimals=1),
        count(None),
        percent(None),
        years(None),
        gender_name(None),
    }
    assert texts == {"\N{EN DASH}"}
