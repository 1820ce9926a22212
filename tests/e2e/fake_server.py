"""The real server around a reader that needs no model: `python fake_server.py JSON`.

It prints its address, then its log. The reader sees one face in each photo that isn't black; its
age is the brightness in per cent, and above 90 it is unfamiliar. JSON: `pause`, the seconds that a
batch takes, and any of the server's limits.
"""

import json
import sys
import time
from collections.abc import Sequence
from functools import partial

from visage.codes import Task
from visage.data.decoding import quiet_decoders
from visage.files.jpeg import Image
from visage.finding.box import Box
from visage.inference.face_model import ModelFacts
from visage.photos.faces import Face
from visage.photos.reading import read_photo
from visage.serving.app import create_app
from visage.serving.key import key_from_environment
from visage.serving.limits import Limits
from visage.serving.logs import log_to_stdout
from visage.serving.server import bind, serve, url_of
from visage.serving.service import start_service

FACTS = ModelFacts(
    image_size=64,
    tasks=(Task.AGE, Task.GENDER),
    age_max=100,
    resize="letterbox",
    margin=None,
    aligned=False,
    age_coverage=0.9,
    gender_threshold=0.5,
    sha256="ab" * 32,
    format="onnx",
)


def find(photos: Sequence[Image], *, pause: float) -> list[list[Face]]:
    time.sleep(pause)
    return [[_middle(photo)] if photo.any() else [] for photo in photos]


def _middle(photo: Image) -> Face:
    height, width = photo.shape[:2]
    age = float(photo.mean()) / 2.55
    box = Box(width * 0.25, height * 0.25, width * 0.75, height * 0.75)
    return Face(box, age, max(0.0, age - 5), age + 5, 0, 0.25, unfamiliar=age > 90)


def main() -> None:
    asked = json.loads(sys.argv[1])
    pause = asked.pop("pause", 0)
    limits = Limits(**asked)
    quiet_decoders()
    log_to_stdout()
    service = start_service(
        partial(find, pause=pause),
        read=partial(read_photo, max_bytes=limits.max_bytes, max_pixels=limits.max_pixels),
        facts=FACTS,
        limits=limits,
        key=key_from_environment(),
    )
    bound = bind("127.0.0.1", 0)
    sys.stdout.write(f"{url_of(bound)}\n")
    sys.stdout.flush()
    serve(create_app(service), bound, limits)


if __name__ == "__main__":
    main()
