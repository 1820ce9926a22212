"""Reads the inputs of a training and builds what the loop needs from them."""

from visage.files.faces import FaceStore
from visage.files.paths import FACES, INDEX, INIT, INIT_JSON, SPLITS, WEIGHTS
from visage.files.tables import read_table
from visage.inference.machine import Machine
from visage.models.initial import load_initial
from visage.schema import INDEX as INDEX_SCHEMA
from visage.schema import SPLITS as SPLITS_SCHEMA
from visage.schema import WEIGHTS as WEIGHTS_SCHEMA
from visage.training.identity import TrainingParams
from visage.training.setup import initial_network, network_spec, training_data
from visage.training.trainer import Trainer


def prepare(params: TrainingParams, *, on: Machine) -> Trainer:
    """Returns a trainer that has not begun.

    Raises:
        VisageError: an input is missing, or the parameters ask for what does not exist.
    """
    init = load_initial(INIT, INIT_JSON)
    spec = network_spec(
        backbone=params.backbone,
        backbone_kwargs=init.kwargs,
        model=params.model,
        tasks=params.tasks,
        age_max=params.age_max,
        weights=init.weights,
    )
    data = training_data(
        FaceStore(FACES),
        read_table(INDEX, INDEX_SCHEMA),
        read_table(SPLITS, SPLITS_SCHEMA),
        read_table(WEIGHTS, WEIGHTS_SCHEMA),
        image_size=params.model.image_size,
        tasks=params.tasks.root,
    )
    recipe, seed = params.train, params.seed
    network = initial_network(spec, init.weights, seed=seed, recipe=recipe)
    lr = recipe.lr_for(params.backbone, random_init=init.source == "random")
    return Trainer(network, data, recipe=recipe, lr=lr, seed=seed, on=on)
