"""The model card: what someone who meets the model without the pipeline must know of it.

It is the page in Markdown below Hugging Face's metadata: the same sections, so the same numbers,
without what shows single people. Written for the folder of the model: its four files and the card,
as README.md, can be published as they are, once a licence is chosen.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from huggingface_hub import ModelCard

from visage.codes import Task
from visage.files.paths import DECISION, FAMILIAR, MODEL, MODEL_JSON
from visage.reporting.blocks import Points, Section
from visage.reporting.card_blocks import escaped, section_lines
from visage.reporting.card_metadata import metadata
from visage.reporting.inputs import Inputs
from visage.reporting.limits import FACES

PRIVATE: Final = ("images", "worst", "looks")  # sections that name or show single images
LIMITS: Final = "limits"
_USES = (
    "For: statistics over many photos, research on the estimation of age and gender, a first guess "
    "that a person checks.",
    "Not for: a decision about a person, proof of age, identification, surveillance, or telling "
    "anyone's gender identity.",
    "Photos like those it was measured on: other cameras, crops, ages and populations need a "
    "measurement of their own.",
)
_LOADING = """\
The model is four files in one folder: `{model}` (the weights, safetensors), `{facts}` (how to
build the network and prepare a face), `{decision}` (threshold, temperature, intervals, and below
what a face is unfamiliar) and `{familiar}` (features of training faces, which tell that).

```bash
pip install '.[train]'  # in a checkout of visage, which is on no registry
visage predict photos/ --model FOLDER -o faces.csv
```

```python
from pathlib import Path
from visage.inference.face_model import load_face_model

model = load_face_model(Path("FOLDER"))
estimates = model(faces)  # (N, S, S, 3) RGB, 0 to 255, cut out as in training
                          # S = model.facts.image_size
```

`visage export` makes one file of it for ONNX Runtime, without torch."""


def model_card(inputs: Inputs, sections: Sequence[Section]) -> str:
    """Returns the card; `sections` are the page's."""
    shown = [section for section in sections if section.key not in PRIVATE]
    first = [_without_faces(section) for section in shown if section.key == LIMITS]
    others = [section for section in shown if section.key != LIMITS]
    parts = [
        _opening(inputs),
        _intended_use(),
        *(section_lines(section) for section in first),
        _loading(),
        _licence(inputs),
        *(section_lines(section) for section in others),
    ]
    text = "\n".join(line for lines in parts for line in lines).rstrip("\n")
    return str(ModelCard(f"---\n{metadata(inputs).to_yaml()}\n---\n\n{text}\n"))


def _without_faces(limits: Section) -> Section:
    """Returns the limits without what is true of the page only: it shows faces."""
    told = [block.points for block in limits.blocks if isinstance(block, Points)]
    points = tuple(point for points in told for point in points if point != FACES)
    return replace(limits, blocks=(Points(points),))


def _opening(inputs: Inputs) -> list[str]:
    backbone = escaped(str(inputs.model.get("backbone", "model")))
    estimated = {Task.AGE: "the age in years", Task.GENDER: "the gender, female or male"}
    what = " and ".join(estimated[task] for task in inputs.tasks)
    tasks = " and ".join(inputs.tasks).capitalize()
    return [f"# {tasks} from faces: {backbone}", "", f"Estimates {what}, of a face in a photo.", ""]


def _intended_use() -> list[str]:
    return ["## Intended use", "", *(f"- {use}" for use in _USES), ""]


def _loading() -> list[str]:
    text = _LOADING.format(
        model=MODEL.name,
        facts=MODEL_JSON.name,
        decision=DECISION.name,
        familiar=FAMILIAR.name,
    )
    return ["## How to load it", "", text, ""]


def _licence(inputs: Inputs) -> list[str]:
    theirs = (inputs.model.get("init") or {}).get("licence") or "not known"
    return [
        "## Licence",
        "",
        "The metadata names none: it follows from the licence of the data and from that of the "
        f"initial weights ({escaped(str(theirs))}). Whoever publishes the model adds `license:`.",
        "",
    ]
