"""init: the backbone's initial weights; the one stage that may touch the network."""

from rich.console import Console

from stages import run
from visage.files.paths import INIT, INIT_JSON
from visage.models.initial import save_initial
from visage.models.obtain import initial_weights
from visage.models.weights import WeightsRequest
from visage.params.backbone import Backbone
from visage.params.init import Init
from visage.params.load import load
from visage.params.seed import Seed


def main() -> None:
    """Writes models/init.safetensors and models/init.json."""
    init = load(Init)
    request = WeightsRequest(
        backbone=load(Backbone).root,
        tag=init.tag,
        path=init.path,
        min_matched=init.min_matched,
        kwargs=dict(init.kwargs),
        seed=load(Seed).root,
    )
    weights = initial_weights(init.source, request)
    Console(stderr=True, soft_wrap=True).print(weights.summary(), markup=False, highlight=False)
    save_initial(INIT, INIT_JSON, source=init.source, request=request, weights=weights)


if __name__ == "__main__":
    run(main)
