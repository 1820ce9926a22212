from functools import cache

import numpy as np
import pytest

from visage.codes import FEMALE, MALE
from visage.data.demo.hairstyle import Beard, Style
from visage.data.demo.person import Person, sample_age, sample_looks, sample_person
from visage.data.demo.proportions import sample_face


@cache
def people(age: int, *, gender: int) -> list[Person]:
    rng = np.random.default_rng([age, gender])
    return [sample_looks(age, gender=gender, rng=rng) for _ in range(150)]


def mixed(age: int) -> list[Person]:
    return people(age, gender=FEMALE) + people(age, gender=MALE)


@pytest.fixture(scope="module")
def ages() -> np.ndarray:
    rng = np.random.default_rng(5)
    return np.array([sample_age(rng) for _ in range(3000)])


def test_ages_stay_on_the_grid(ages: np.ndarray) -> None:
    assert 0 <= ages.min() <= ages.max() <= 100


def test_ages_peak_between_20_and_40(ages: np.ndarray) -> None:
    counts, _ = np.histogram(ages, bins=range(0, 101, 10))
    assert set(np.argsort(counts)[-2:]) == {2, 3}


def test_a_few_people_pass_85(ages: np.ndarray) -> None:
    assert 0 < np.mean(ages > 85) < 0.03


def test_genders_are_balanced() -> None:
    genders = [sample_person(np.random.default_rng([5, i])).gender for i in range(400)]
    assert 0.42 < np.mean(genders) < 0.58


def test_children_have_larger_eyes() -> None:
    smallest_child = np.quantile([p.face.eye_width * p.face.eye_open for p in mixed(2)], 0.05)
    assert smallest_child > np.mean([p.face.eye_width * p.face.eye_open for p in mixed(30)])


def test_childrens_eyes_lie_lower_in_the_head() -> None:
    assert min(p.face.eye_y for p in mixed(1)) > max(p.face.eye_y for p in mixed(40))


def test_childrens_heads_are_rounder() -> None:
    child, adult = mixed(1), mixed(30)
    widths = [np.mean([p.face.head_width for p in group]) for group in (child, adult)]
    assert widths[0] > widths[1] + 0.1


def test_grey_grows_with_age() -> None:
    shares = [np.mean([p.hair.grey for p in mixed(age)]) for age in (20, 40, 55, 70)]
    assert shares == sorted(shares)
    assert shares[-1] - shares[0] > 0.6


def test_greying_starts_at_different_ages() -> None:
    assert np.std([p.hair.grey for p in mixed(55)]) > 0.15


def test_wrinkles_grow_with_age() -> None:
    depths = [np.mean([p.skin.wrinkles for p in mixed(age)]) for age in (8, 40, 55, 70)]
    assert depths == sorted(depths)


def test_men_lose_their_hair_more_often_than_women() -> None:
    bald = [sum(p.hair.style is Style.WREATH for p in people(70, gender=g)) for g in (0, 1)]
    assert bald[0] == 0
    assert bald[1] > 20


def test_only_grown_men_wear_beards() -> None:
    others = people(40, gender=FEMALE) + people(8, gender=MALE)
    assert {p.hair.beard for p in others} == {Beard.NONE}


def test_not_every_man_wears_a_beard() -> None:
    share = np.mean([p.hair.beard is not Beard.NONE for p in people(40, gender=MALE)])
    assert 0.4 < share < 0.7


@pytest.mark.parametrize("gender", [FEMALE, MALE])
def test_hair_is_long_on_some_and_short_on_some_of_each_gender(gender: int) -> None:
    styles = {p.hair.style for p in people(30, gender=gender)}
    assert {Style.LONG, Style.SHORT} <= styles


def test_faces_of_women_and_men_overlap() -> None:
    jaws = [[p.face.head_jaw for p in people(30, gender=gender)] for gender in (FEMALE, MALE)]
    assert np.mean(jaws[0]) < np.mean(jaws[1])
    assert max(jaws[0]) > np.mean(jaws[1])


def test_the_head_outline_is_as_wide_as_the_face_says() -> None:
    face = sample_face(30, masculinity=0.0, rng=np.random.default_rng(1))
    at_eyes = float(face.half_width(np.array([0.0]))[0])
    assert at_eyes == pytest.approx(face.head_width, abs=0.03)
