"""Numbers as they are read: rounding, signs, units and a dash for what is missing.

No number is born in a report, so these functions are all that happens to one between its metric
file and the page.
"""

from collections.abc import Sequence

from visage.codes import FEMALE, MALE

MISSING = "\N{EN DASH}"
_MOST_DECIMALS = 6
TOO_FEW = "too few"  # faces for an interval, or wrong ones


def number(value: float | None, *, decimals: int, signed: bool = False) -> str:
    """Returns `value` with thousands apart and a real minus sign."""
    if value is None:
        return MISSING
    text = f"{value:{'+' if signed else ''},.{decimals}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")
    return text.replace("-", "\N{MINUS SIGN}")


def count(value: int | None) -> str:
    """Returns a whole number with thousands apart."""
    return number(value, decimals=0)


def percent(share: float | None, *, decimals: int = 1) -> str:
    """Returns a share of 0 to 1 in percent; with more decimals where it would seem to be 0 or 1."""
    if share is None:
        return MISSING
    texts = [number(100 * share, decimals=places) for places in range(decimals, _MOST_DECIMALS)]
    told = (text for text in texts if not 0 < share < 1 or float(text) not in (0, 100))
    return f"{next(told, texts[0])} %"


def level(share: float | None) -> str:
    """Returns what an interval promises in percent, with the decimals that it takes: 99.5 %.

    It is off by a twentieth of what is left out at most, so 97.5 is not called 98 or 99.9 not 100.
    """
    if share is None:
        return MISSING
    inside, left_out = 100 * share, 100 * min(share, 1 - share)
    places = range(_MOST_DECIMALS)
    close = (at for at in places if abs(round(inside, at) - inside) <= left_out / 20)
    return f"{number(inside, decimals=next(close, _MOST_DECIMALS))} %"


def years(value: float | None, *, decimals: int = 2, signed: bool = False) -> str:
    """Returns a number of years with its unit."""
    return MISSING if value is None else f"{number(value, decimals=decimals, signed=signed)} years"


def interval(bounds: Sequence[float | None] | None, *, decimals: int) -> str:
    """Returns [low, high] as "low to high", or says that there were too few faces for one."""
    low, high = bounds or (None, None)
    if low is None or high is None:
        return TOO_FEW
    return f"{number(low, decimals=decimals)} to {number(high, decimals=decimals)}"


def age_range(age_from: float, age_to: float) -> str:
    """Returns the half-open bin [age_from, age_to) of whole years as its first and last year."""
    return f"{age_from:.0f}\N{EN DASH}{age_to - 1:.0f}"


def gender_name(code: int | None) -> str:
    """Returns the word for a gender's code."""
    return {FEMALE: "female", MALE: "male"}.get(code, MISSING) if code is not None else MISSING
