"""visage: a reproducible experiment pipeline for age and gender from face photos."""

__version__ = "0.1.0"
