"""What the routes share: the desk, the limits, the figures and the words about the model."""

from dataclasses import dataclass

from visage import __version__
from visage.inference.face_model import ModelFacts
from visage.serving.answers import AboutAnswer, ModelAnswer
from visage.serving.desk import Desk, Find, Read
from visage.serving.figures import Figures
from visage.serving.limits import Limits
from visage.serving.room import Room


@dataclass(frozen=True, eq=False)
class Service:
    """A running service; `key` is the API key, or None where everyone may ask."""

    desk: Desk
    room: Room
    limits: Limits
    figures: Figures
    about: AboutAnswer
    key: str | None

    def exposition(self) -> bytes:
        """Returns the figures as they are now."""
        self.figures.waiting.set(self.desk.waiting)
        self.figures.held.set(self.room.held)
        return self.figures.text()


def start_service(
    find: Find, *, read: Read, facts: ModelFacts, limits: Limits, key: str | None
) -> Service:
    """Returns a service whose model thread runs; `desk.close` ends it."""
    figures = Figures()
    return Service(
        desk=Desk(find, read=read, limits=limits, on_batch=figures.batch.observe),
        room=Room(limits.held_bytes),
        limits=limits,
        figures=figures,
        about=_about(facts, limits, needs_key=key is not None),
        key=key,
    )


def _about(facts: ModelFacts, limits: Limits, *, needs_key: bool) -> AboutAnswer:
    model = ModelAnswer(
        tasks=list(facts.tasks),
        image_size=facts.image_size,
        age_max=facts.age_max,
        age_coverage=facts.age_coverage,
        gender_threshold=facts.gender_threshold,
        sha256=facts.sha256,
    )
    return AboutAnswer(
        version=__version__,
        model=model,
        max_bytes=limits.max_bytes,
        max_pixels=limits.max_pixels,
        needs_key=needs_key,
    )
