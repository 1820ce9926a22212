"""What was run: the facts in models/model.json; one that is not there is left out."""

from collections.abc import Iterable

from visage.reporting.blocks import Fact, Facts, Section
from visage.reporting.formats import count
from visage.reporting.inputs import Inputs


def run(inputs: Inputs) -> Section:
    """Returns the section that names model, weights, training and hashes."""
    return Section(
        key="run",
        title="What was run",
        blocks=(
            Facts("Model", _known(_model(inputs))),
            Facts("Training", _known(_training(inputs))),
            Facts("Hashes (sha256)", _known(_hashes(inputs)), listed=True),
        ),
    )


def _known(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(fact for fact in facts if fact.value not in ("", "None"))


def _model(inputs: Inputs) -> Iterable[Fact]:
    model, init = inputs.model, inputs.model.get("init") or {}
    yield Fact("Backbone", str(model.get("backbone")), code=True)
    yield Fact("Tasks", ", ".join(inputs.tasks))
    yield Fact("Pooling", str(model.get("pool")))
    yield Fact("Age head", str(model.get("age_head")) if "age" in inputs.tasks else "")
    yield Fact("Shared layers", " → ".join(map(str, model.get("mlp", ()))))
    yield Fact("Parameters", _count(model.get("n_parameters")))
    yield Fact("Learnt parameters", _count(model.get("n_learnt")))
    yield Fact("Image size", f"{model['image_size']} pixels" if "image_size" in model else "")
    yield Fact("Test-time views", ", ".join(inputs.details.get("views", ())))
    yield Fact("Initial weights", str(init.get("source")))
    yield Fact("Their origin", str(init.get("origin")))
    yield Fact("Their licence", str(init.get("licence")))


def _training(inputs: Inputs) -> Iterable[Fact]:
    model = inputs.model
    versions = (model.get("versions") or {}).items()
    yield Fact("Training images", _count(model.get("n_train")))
    yield Fact("Validation images", _count(model.get("n_validation")))
    yield Fact("Calibration images", count(inputs.decision.n))
    yield Fact("Peak learning rate", str(model.get("lr")))
    yield Fact("Epochs run", str(model.get("epochs_run")))
    yield Fact("Best epoch", str(model.get("best_epoch")))
    yield Fact("Best epoch chosen by", str(model.get("monitor")))
    yield Fact("Stopped because", str(model.get("stopped_because")))
    yield Fact("Training seed", str(model.get("seed")))
    yield Fact("Trained with", ", ".join(f"{name} {version}" for name, version in versions))


def _hashes(inputs: Inputs) -> Iterable[Fact]:
    init = inputs.model.get("init") or {}
    yield Fact(
        "Inputs of the training (fingerprint)", str(inputs.model.get("fingerprint")), code=True
    )
    yield Fact("Model", inputs.model_sha256, code=True)
    yield Fact("Initial weights", str(init.get("sha256")), code=True)
    yield Fact("Test labels", str(inputs.details.get("data_sha256")), code=True)


def _count(value: int | None) -> str:
    return "" if value is None else count(value)
