"""Initial weights from the source that a parameter names.

Apart from their files, so that `train`, which reads those, does not depend on the sources.
"""

from visage.models.weights import InitialWeights, WeightsRequest
from visage.registry import resolve


def initial_weights(source: str, request: WeightsRequest) -> InitialWeights:
    """Returns what the source `source` gives.

    Raises:
        UnknownMemberError: there is no such source.
        WeightsError: the weights can't be had; the other sources are named.
    """
    give = resolve("visage.models.sources", source, "initial", param="init.source")
    weights = give(request)
    assert isinstance(weights, InitialWeights)
    return weights
