"""The curves of training, from metrics/history.csv; columns that hold nothing are not drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from visage.reporting.blocks import Figure, Section
from visage.reporting.figures import curves
from visage.reporting.inputs import Inputs


@dataclass(frozen=True)
class _Panel:
    name: str
    title: str
    unit: str
    caption: str
    columns: Mapping[str, str]
    fewest: int = 1  # columns with values; with fewer there is nothing to see


_PANELS = (
    _Panel(
        "loss",
        "Loss",
        "Loss (no unit)",
        "The weighted sum of the tasks' losses.",
        {
            "train_loss": "training",
            "val_loss": "validation",
            "val_raw_loss": "validation, last weights",  # where their average is the model
        },
    ),
    _Panel(
        "loss-by-task",
        "Loss by task",
        "Validation loss (no unit)",
        "Before weighting: a task with a much smaller loss steers the shared layers less.",
        {"val_loss_age": "age", "val_loss_gender": "gender"},
        fewest=2,
    ),
    _Panel(
        "age-error",
        "Age error",
        "Error (years)",
        "On the validation part, without test-time augmentation.",
        {"val_mae": "MAE", "val_rmse": "RMSE"},
    ),
    _Panel(
        "gender-accuracy",
        "Gender accuracy",
        "Share of images (0 to 1)",
        "At the threshold 0.5: the training part as it was augmented, the validation part without "
        "test-time augmentation.",
        {"train_gender_accuracy": "training", "val_gender_accuracy": "validation"},
    ),
    _Panel(
        "scores",
        "Scores",
        "Score (0 to 1)",
        "On the validation part, without test-time augmentation, gender threshold 0.5.",
        {
            "val_gender_f1": "gender F1",
            "val_harmonic": "harmonic",
            "val_raw_harmonic": "harmonic, last weights",
        },
    ),
)


def training(inputs: Inputs) -> Section | None:
    """Returns the section with the curves, or None where there is no history."""
    figures = [_figure(panel, inputs) for panel in _PANELS]
    drawn = tuple(figure for figure in figures if figure is not None)
    return Section(key="training", title="Training", blocks=drawn) if drawn else None


def _figure(panel: _Panel, inputs: Inputs) -> Figure | None:
    history = inputs.history
    columns = {name: label for name, label in panel.columns.items() if history[name].notna().any()}
    if len(columns) < panel.fewest:
        return None
    labels = " and ".join(columns.values())
    return Figure(
        svg=curves(
            history,
            columns,
            unit=panel.unit,
            best_epoch=inputs.model.get("best_epoch"),
            name=panel.name,
        ),
        title=panel.title,
        caption=panel.caption,
        alt=f"{panel.title} over {len(history)} epochs: {labels}.",
    )
