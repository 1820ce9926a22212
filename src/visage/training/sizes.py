"""Progressive resizing: early epochs see small images, the last ones the model's own size.

Howard 2018 (fast.ai's DAWNBench entry); Tan & Le 2021 (EfficientNetV2), section 4. An epoch costs
in proportion to the image's area, and what faces look like is learnt from small ones, too.
"""

MULTIPLE = 16  # pixels; other sizes leave rows that strided convolutions drop


def image_size(epoch: int, *, epochs: int, first: int | None, last: int) -> int:
    """Returns the size of the images in an epoch, counted from 1, in pixels.

    It grows in even steps, by multiples of 16; the last epoch has `last`, and without `first` all
    epochs have.
    """
    if first is None or epoch == epochs:
        return last
    grown = first + (last - first) * (epoch - 1) / (epochs - 1)
    return min(last, max(first, round(grown / MULTIPLE) * MULTIPLE))
