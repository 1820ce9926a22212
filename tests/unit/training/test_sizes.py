from visage.training.sizes import image_size


def sizes(first: int | None, last: int, epochs: int) -> list[int]:
    return [
        image_size(epoch, epochs=epochs, first=first, last=last) for epoch in range(1, epochs + 1)
    ]


def test_images_grow_to_the_models_size_over_the_first_half() -> None:
    assert sizes(64, 112, 8) == [64, 80, 96, 96, 112, 112, 112, 112]


def test_the_last_epoch_has_the_models_size_even_alone() -> None:
    assert sizes(64, 112, 1) == [112]


def test_a_size_that_is_no_multiple_is_kept_at_the_ends() -> None:
    assert sizes(50, 100, 4) == [50, 80, 100, 100]


def test_without_a_first_size_all_epochs_have_the_models() -> None:
    assert sizes(None, 112, 3) == [112] * 3
