"""Progressive resizing: early epochs see small images, the last ones the model's own size.

Howard 2018 (fast.ai's DAWNBench entry); Tan & Le 2021 (EfficientNetV2), section 4. An epoch costs
in proportion to the image's area, and what faces look like is learnt from small ones, too.
"""

MULTIPLE = 16  # pixels; other sizes leave rows that strided convolutions drop


def image_size(epoch: int, *, epochs: int, first: int | None, last: int) -> int:
    """Returns the size of the images in an epoch, counted from 1, in pixels.

    It grows in even steps, by multiples of 16, over the first half of the epochs; the others have
    `last`, and without `first` all have. (Growing to the end left the last size the epochs whose
    rate is nearly zero: docs/experiments/2026-11-22-utkface-cpu.md.)
    """
    growing = epochs // 2
    if first is None or epoch > growing:
        return last
    grown = first + (last - first) * (epoch - 1) / growing
    return min(last, max(first, round(grown / MULTIPLE) * MULTIPLE))
