"""predict: the submission, and from what it was made."""

from stages import run
from visage import schema
from visage.codes import UNLABELLED, Part
from visage.files import paths
from visage.files.hashes import sha256_file
from visage.files.jsons import read_json, write_json
from visage.files.tables import read_table, write_table
from visage.posterior.decision import Decision
from visage.posterior.submission import make_submission


def main() -> None:
    """Writes data/predictions/submission.csv and submission.json."""
    unlabelled = paths.PREDICTIONS / f"{UNLABELLED}.parquet"
    test = paths.PREDICTIONS / f"{Part.TEST}.parquet"
    submission = make_submission(
        index=read_table(paths.INDEX, schema.INDEX),
        rejected=read_table(paths.REJECTED, schema.REJECTED),
        unlabelled=read_table(unlabelled, schema.PREDICTIONS),
        test=read_table(test, schema.PREDICTIONS),
        decision=Decision.from_json(read_json(paths.DECISION)),
        familiarity=read_table(paths.FAMILIARITY, schema.FAMILIARITY),
    )
    write_table(paths.SUBMISSION, submission.table, submission.schema)
    trained = read_json(paths.FINGERPRINT)
    hashes = {
        "sha256": sha256_file(paths.SUBMISSION),
        "fingerprint": trained["fingerprint"],
        "params_sha256": trained["inputs"]["params"],
        "data_sha256": trained["inputs"]["data"],
        "model_sha256": sha256_file(paths.MODEL),
        "decision_sha256": sha256_file(paths.DECISION),
    }
    write_json(paths.SUBMISSION_JSON, {**submission.summary(), **hashes})


if __name__ == "__main__":
    run(main)
