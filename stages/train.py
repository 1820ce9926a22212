"""train: fine-tune backbone, shared layers and heads; keep the best epoch."""

from importlib import import_module

from stages import run
from visage.inference.machine import machine
from visage.params.age_max import AgeMax
from visage.params.backbone import Backbone
from visage.params.load import load
from visage.params.model import Model
from visage.params.seed import Seed
from visage.params.tasks import Tasks
from visage.params.train import Train
from visage.training.course import watched
from visage.training.fit import fit
from visage.training.identity import TrainingParams, training_fingerprint
from visage.training.keeper import keeper
from visage.training.prepare import prepare
from visage.training.save import save


def main() -> None:
    """Writes models/model.*, models/fingerprint.json, metrics/history.csv, metrics/train.json."""
    params = TrainingParams(
        age_max=load(AgeMax).root,
        backbone=load(Backbone).root,
        model=load(Model),
        seed=load(Seed).root,
        tasks=load(Tasks),
        train=load(Train),
    )
    on = machine()
    trainer, identity = prepare(params, on=on), training_fingerprint(params)
    # By name: notes and an observer change no result, so they are no modules that train reaches.
    import_module("visage.cli.guard").say_notes(first=on.is_first)
    observer = import_module("visage.tracking.observers").observer(first=on.is_first)
    with keeper(identity["inputs"], on=on) as kept:
        course = kept.resume(trainer)
        with watched(observer, course, identity=identity, params=params):
            save(trainer, fit(trainer, observer, course=course, keeper=kept), identity)
        kept.done()


if __name__ == "__main__":
    run(main)
