"""explain: where the model looks, on the worst, the best and random faces of the measured part."""

from stages import run
from visage import schema
from visage.explain.choose import choose
from visage.explain.explain import explain
from visage.explain.records import write_explanations
from visage.files import paths
from visage.files.jsons import read_json
from visage.files.tables import read_table
from visage.params.evaluate import Evaluate
from visage.params.explain import Explain
from visage.params.load import load
from visage.posterior.decision import Decision


def main() -> None:
    """Writes metrics/explanations."""
    params, part = load(Explain), load(Evaluate).part
    table = read_table(paths.PREDICTIONS / f"{part}.parquet", schema.PREDICTIONS)
    decision = Decision.from_json(read_json(paths.DECISION))
    found = explain(
        choose(table, decision, n=params.faces, seed=params.seed),
        weights=paths.MODEL,
        card=paths.MODEL_JSON,
        faces=paths.FACES,
        part=part,
        window=params.window,
        stride=params.stride,
    )
    write_explanations(paths.EXPLANATIONS, found)


if __name__ == "__main__":
    run(main)
