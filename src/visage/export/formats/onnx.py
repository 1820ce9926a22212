"""ONNX: for ONNX Runtime, and whatever else reads it. Number of images, height, width are free."""

import json
import logging
import warnings
from pathlib import Path
from typing import Any

import onnx
import torch

from visage import __version__
from visage.export.artefact import Artefact, Outputs, Run, by_name
from visage.files.atomic import atomic_file
from visage.inference.face_model import Images
from visage.inference.onnx_model import METADATA, open_session

SUFFIX = ".onnx"
SAMPLE = (2, 40, 36, 3)  # sizes that are not 0 or 1, and equal to none in a network


def write(artefact: Artefact, path: Path) -> None:
    """Writes the file."""
    model = graph(artefact)
    describe(model, artefact.metadata)
    onnx.checker.check_model(model)
    with atomic_file(path) as temporary:
        onnx.save_model(model, temporary)


def run(path: Path) -> Run:
    """Returns a function that runs the file."""
    session = open_session(path)
    names = [output.name for output in session.get_outputs()]

    def on(faces: Images) -> Outputs:
        return by_name(names, session.run(None, {"images": faces}))

    return on


def graph(artefact: Artefact) -> onnx.ModelProto:
    """Returns the whole path as a graph; norms are folded into the layers in front of them.

    Not where views have two sizes: layers are there twice with one weight; the runtime folds.
    """
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the exporter about itself
        program = torch.onnx.export(
            artefact.whole,
            (torch.zeros(SAMPLE, dtype=torch.uint8),),
            dynamo=True,
            input_names=["images"],
            output_names=list(artefact.whole.outputs),
            dynamic_shapes=({0: "N", 1: "H", 2: "W"},),
            verbose=False,
        )
    assert program is not None
    model: onnx.ModelProto = program.model_proto
    return model


def describe(model: onnx.ModelProto, metadata: dict[str, Any]) -> None:
    """Puts the metadata into the model, and takes out where its lines stood on this machine."""
    for node in model.graph.node:
        node.ClearField("metadata_props")
        node.ClearField("doc_string")
    model.producer_name, model.producer_version = "visage", __version__
    onnx.helper.set_model_props(model, {METADATA: json.dumps(metadata, sort_keys=True)})
