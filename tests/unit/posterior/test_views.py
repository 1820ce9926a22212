import numpy as np
import pandas as pd
import pytest

from visage.posterior.views import PredictionsError, average_views, identity_view


def table(**columns):
    rows = {
        "id": ["a", "b", "a", "b"],
        "view": ["identity", "identity", "hflip", "hflip"],
        "age": [1.0, 2.0, 1.0, 2.0],
        "gender": [0, 1, 0, 1],
        "group": [5, 6, 5, 6],
        "posterior": [np.array(p, "float32") for p in ([1, 0], [0, 1], [0, 1], [0, 1])],
        "gender_probability": np.array([0.2, 0.9, 0.4, 0.7], "float32"),
    }
    return pd.DataFrame({**rows, **columns})


def test_average_is_the_mean_of_posteriors():
    assert average_views(table()).posterior.tolist() == [[0.5, 0.5], [0.0, 1.0]]


def test_average_is_the_mean_of_probabilities():
    np.testing.assert_allclose(average_views(table()).male_probability, [0.3, 0.8], atol=1e-7)


def test_rows_of_one_image_need_not_stand_together_nor_in_one_order():
    shuffled = table().iloc[[1, 2, 0, 3]]
    averaged = average_views(shuffled)
    assert averaged.labels.id.tolist() == ["b", "a"]
    np.testing.assert_allclose(averaged.male_probability, [0.8, 0.3], atol=1e-7)


def test_labels_stay_with_their_images():
    labels = average_views(table()).labels
    assert (labels.age.tolist(), labels.gender.tolist()) == ([1.0, 2.0], [0, 1])


def test_unlabelled_images_have_no_age_and_no_gender():
    labels = average_views(table(age=np.nan, gender=np.nan)).labels
    assert np.isnan(labels.age).all()
    assert labels.gender.tolist() == [-1, -1]


def test_identity_view_leaves_the_others_out():
    averaged = identity_view(table())
    assert averaged.views == ("identity",)
    assert averaged.posterior.tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_a_model_without_age_head_has_no_posterior():
    assert average_views(table(posterior=None)).posterior is None


def test_a_model_without_gender_head_has_no_probability():
    assert average_views(table(gender_probability=np.nan)).male_probability is None


def test_posteriors_sum_to_one_after_the_float32_file():
    posterior = [np.full(101, 1 / 101, "float32")] * 4
    total = average_views(table(posterior=posterior)).posterior.sum(axis=1)
    np.testing.assert_allclose(total, 1, atol=1e-15)


@pytest.mark.parametrize("rows", [[0, 1, 2], [0, 1, 2, 2], [0, 1, 2, 3, 3]])
def test_an_image_without_a_view_or_with_one_twice_is_refused(rows):
    with pytest.raises(PredictionsError, match="each image needs each view once"):
        average_views(table().iloc[rows])


def test_an_empty_part_is_refused_with_the_remedy():
    with pytest.raises(PredictionsError, match=r"split\.fractions"):
        average_views(table().iloc[:0])


def test_nan_from_a_diverged_training_is_refused():
    with pytest.raises(PredictionsError, match="1 of 2 images have no valid gender probability"):
        average_views(table(gender_probability=[0.1, np.nan, 0.1, 0.1]))


def test_a_posterior_that_is_none_is_refused():
    broken = [np.array([np.nan, np.nan])] + [np.array([0.5, 0.5])] * 3
    with pytest.raises(PredictionsError, match="no valid age posterior.*train.lr"):
        average_views(table(posterior=broken))
