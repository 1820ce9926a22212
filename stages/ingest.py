"""ingest: read the source, check and store every image once, list what was set aside."""

from stages import run
from visage import schema
from visage.data.cropping import cropping
from visage.data.index import without_rejected
from visage.data.intake import Intake, index_table, ingest_metrics
from visage.data.pinned import verifier
from visage.data.rejections import check_rejected, rejected_table
from visage.data.screening import candidates
from visage.data.source import read_source
from visage.files import paths
from visage.files.faces import write_faces
from visage.files.jsons import write_json
from visage.files.tables import write_table
from visage.finding.aligning import stored_form
from visage.params.age_max import AgeMax
from visage.params.data import Data
from visage.params.ingest import Ingest
from visage.params.load import load


def main() -> None:
    """Writes the stores, index.parquet, quality.parquet, rejected.csv, crop.json, ingest.json."""
    data, params, age_max = load(Data), load(Ingest), load(AgeMax).root
    source = read_source(data)
    rows = candidates(source, data, age_max=age_max)
    intake = Intake(source.root, stored_form(params, data), verify=verifier(data.root))
    write_faces(paths.FACES, intake.faces(rows.labelled), shard_rows=params.shard_rows)
    write_faces(paths.UNLABELLED_FACES, intake.faces(rows.unlabelled), shard_rows=params.shard_rows)
    grouped = index_table(intake.accepted, source=source.name, max_bits=params.near_duplicate_bits)
    found = intake.settle(grouped, params=params)
    rejected = rejected_table(rows.rejections, intake.rejections, source=source.name)
    write_table(paths.REJECTED, rejected, schema.REJECTED)
    index = without_rejected(grouped, rejected)
    check_rejected(rejected, index, max_rejected=params.max_rejected)
    write_table(paths.INDEX, index, schema.INDEX)
    write_table(paths.QUALITY, intake.quality(), schema.CHECKED_QUALITY)
    counts = ingest_metrics(index, rejected, settled=found, n_clipped=intake.n_clipped)
    write_json(paths.INGEST_METRICS, counts)
    write_json(paths.CROP, cropping(data, published=source.cropping).to_json(resize=params.resize))


if __name__ == "__main__":
    run(main)
