"""The words that all of visage shares: genders, parts, tasks, and reasons to set a row aside.

Gender is 0 = female, 1 = male inside visage, whatever the source's own coding.
"""

from enum import StrEnum
from typing import Final

FEMALE: Final = 0
MALE: Final = 1


class Part(StrEnum):
    """The four parts of the labelled images; each has one use only."""

    TRAIN = "train"
    VALIDATION = "validation"  # chooses the epoch
    CALIBRATION = "calibration"  # fits threshold, temperature and intervals
    TEST = "test"  # gives the figures


UNLABELLED: Final = "unlabelled"  # stands beside the parts in file names: images to be predicted


class Task(StrEnum):
    """What a model estimates."""

    AGE = "age"
    GENDER = "gender"


class Reason(StrEnum):
    """Why a row was set aside by `ingest`."""

    IMAGE_MISSING = "image missing"
    IMAGE_OUTSIDE = "image outside the root"
    IMAGE_UNREADABLE = "image unreadable"
    FACE_NOT_FOUND = "no face found"
    LABEL_MISSING = "label missing"
    AGE_NOT_A_NUMBER = "age not a number"
    AGE_OUT_OF_RANGE = "age out of range"
    GENDER_UNKNOWN = "gender not one of the two codes"
    DUPLICATE_ID = "duplicate id"
    MALFORMED_NAME = "malformed name"
    CONTRADICTING = "near-duplicate with another label"
    LEFT_OUT = "left out by a parameter"
