"""The columns of every table that crosses a stage.

They stand here, so that a renamed column is one edit and a missing one is found when the file is
read. Ages are in years; gender is 0 = female, 1 = male; parts, reasons: visage.codes.
"""

from typing import Final

import pyarrow as pa

# One row an accepted image, in the source's order. `age` and `gender` are null where unlabelled,
# and one of them where the source has no such labels. An age that is known as a range of years has
# `age_low` and `age_high` (inclusive), and `age` is their middle; else the three are equal.
# `group`: images that are near-duplicates of each other share it. `identity`: of the person, where
# the source knows it; `race`: the source's own word, for slices only. `official_part`: the part
# that the data set's publisher gave it, "unlabelled" for images without labels, else null.
INDEX: Final = pa.schema(
    [
        ("id", pa.string()),
        ("row", pa.int64()),  # position in the source, 0-based; unlabelled rows count on
        ("source", pa.string()),
        ("source_path", pa.string()),  # relative to the source's root, "/" between folders
        ("age", pa.float32()),
        ("age_low", pa.float32()),
        ("age_high", pa.float32()),
        ("gender", pa.int8()),
        ("group", pa.int64()),
        ("identity", pa.string()),
        ("race", pa.string()),
        ("width", pa.int32()),  # of the original image, pixels
        ("height", pa.int32()),
        ("sha256", pa.string()),  # of the original file
        ("phash", pa.string()),  # 256-bit difference hash, 64 hex digits
        ("official_part", pa.string()),
    ]
)

# data/quality.parquet: one row a stored image. Beside the index, not in it, because nothing is
# trained on these: another definition of sharpness must not train again.
QUALITY: Final = pa.schema(
    [
        ("id", pa.string()),
        ("brightness", pa.float32()),  # mean luminance, levels of 0 to 255
        ("sharpness", pa.float32()),  # variance of the Laplacian; low where the face is blurred
    ]
)
# The whole file: slices read the columns above, and the report's odd images these, too.
CHECKED_QUALITY: Final = pa.schema(
    [
        *QUALITY,
        ("contrast", pa.float32()),  # standard deviation of the luminance, levels
        ("colour", pa.float32()),  # mean of a pixel's largest minus its smallest channel, levels
        ("face", pa.float32()),  # below 0: unlike the other faces; null where they are too few
    ]
)

REJECTED: Final = pa.schema(
    [
        ("id", pa.string()),
        ("row", pa.int64()),
        ("source", pa.string()),
        ("source_path", pa.string()),
        ("reason", pa.string()),  # a Reason
        ("value", pa.string()),  # what was found
        ("official_part", pa.string()),
    ]
)

SPLITS: Final = pa.schema([("id", pa.string()), ("part", pa.string())])

WEIGHTS: Final = pa.schema([("id", pa.string()), ("weight", pa.float64())])  # mean 1

# Beside data/weights.csv: share of images per age bin [age_from, age_to) before and after sampling.
AGE_HISTOGRAM: Final = pa.schema(
    [
        ("age_from", pa.float64()),
        ("age_to", pa.float64()),
        ("n", pa.int64()),
        ("share_before", pa.float64()),
        ("share_after", pa.float64()),
    ]
)

# One row an image and view. `posterior`: probabilities of the ages 0, 1, ..., age_max, sum 1;
# null where the model has no age head. `gender_probability`: of male; null without a gender head.
# Labels are null for unlabelled images.
PREDICTIONS: Final = pa.schema(
    [
        ("id", pa.string()),
        ("view", pa.string()),
        ("age", pa.float32()),
        ("gender", pa.int8()),
        ("group", pa.int64()),
        ("posterior", pa.list_(pa.float32())),
        ("gender_probability", pa.float32()),
    ]
)

# data/predictions/familiarity.parquet: one row an image of all parts but train, and the unlabelled.
# Beside the predictions, not in them: comparisons and ensembles read those of older commits.
FAMILIARITY: Final = pa.schema([("id", pa.string()), ("familiarity", pa.float32())])

# metrics/history.csv: one row an epoch; validation figures without TTA, gender threshold 0.5.
# Columns of a task that is not trained are left empty.
HISTORY: Final = pa.schema(
    [
        ("epoch", pa.int64()),  # from 1
        ("lr", pa.float64()),  # at the epoch's last step
        ("train_loss", pa.float64()),
        ("train_loss_age", pa.float64()),
        ("train_loss_gender", pa.float64()),
        ("train_gender_accuracy", pa.float64()),  # of augmented images; empty where they are mixed
        ("val_loss", pa.float64()),
        ("val_loss_age", pa.float64()),
        ("val_loss_gender", pa.float64()),
        ("val_rmse", pa.float64()),
        ("val_mae", pa.float64()),
        ("val_gender_accuracy", pa.float64()),
        ("val_gender_f1", pa.float64()),
        ("val_harmonic", pa.float64()),
        ("val_raw_loss", pa.float64()),  # of the last weights, where their average is the model
        ("val_raw_loss_age", pa.float64()),
        ("val_raw_loss_gender", pa.float64()),
        ("val_raw_rmse", pa.float64()),
        ("val_raw_mae", pa.float64()),
        ("val_raw_gender_accuracy", pa.float64()),
        ("val_raw_gender_f1", pa.float64()),
        ("val_raw_harmonic", pa.float64()),
    ]
)

# metrics/age_bins.csv: one row an age bin of the test part that holds enough images; `ages` as in
# "00-09"; low and high: the interval's ends.
AGE_BINS: Final = pa.schema(
    [
        ("ages", pa.string()),
        ("n", pa.int64()),
        ("mae", pa.float64()),
        ("mae_low", pa.float64()),
        ("mae_high", pa.float64()),
        ("mean_error", pa.float64()),  # estimated minus true
        ("mean_error_low", pa.float64()),
        ("mean_error_high", pa.float64()),
    ]
)

# metrics/age_scatter.csv and metrics/gender_confusion.csv: one row an image of the test part.
AGE_SCATTER: Final = pa.schema(
    [("id", pa.string()), ("age", pa.float64()), ("predicted", pa.float64())]
)
# metrics/age_coverage.csv: how many of the true ages the interval holds, by predicted age.
AGE_COVERAGE: Final = pa.schema(
    [
        ("age_from", pa.int64()),
        ("n", pa.int64()),
        ("promised", pa.float64()),
        ("coverage", pa.float64()),
        ("constant_coverage", pa.float64()),  # of an interval of one width for all
    ]
)
# metrics/threshold_curve.csv: on the calibration part.
THRESHOLD_CURVE: Final = pa.schema([("threshold", pa.float64()), ("gender_f1", pa.float64())])
GENDER_CONFUSION: Final = pa.schema([("actual", pa.string()), ("predicted", pa.string())])

# data/predictions/submission.csv; only the columns of trained tasks. `age` is text, so that it
# keeps its number of decimals.
SUBMISSION: Final = pa.schema([("id", pa.string()), ("age", pa.string()), ("gender", pa.int8())])
