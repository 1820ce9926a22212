"""Keeps the state of a training, so that whatever ends it loses minutes and no night.

DVC deletes a stage's outputs before it starts, so the state lies outside of them, in
`.visage/state/<key>` of the project that the user works in. The key is made of the training's
parameters, data and initial weights. The code's hash stands inside: other code goes on only when
that is asked for, by VISAGE_RESUME. Two files take turns, and a small one with their hashes names
the newer: a write that is cut off, by a kill or a full disk, leaves the state before it.

A twin, the same training started twice, waits. When the first one is done it leaves its last state
to the twin, which goes on from there, so has nothing to train, and writes the same outputs.
"""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Final

import torch

from visage.errors import VisageError
from visage.files.atomic import to_disk
from visage.files.hashes import sha256_file, sha256_json
from visage.files.jsons import JsonFileError, read_json, write_json
from visage.inference.machine import Machine
from visage.inference.processes import wait
from visage.training.course import Course
from visage.training.resuming import Resume, resume_mode, state_minutes
from visage.training.trainer import Trainer
from visage.training.turns import Turn

FORMAT: Final = 2
SLOTS: Final = ("a.pt", "b.pt")
BOOK: Final = "states.json"

_log = logging.getLogger(__name__)


class StateError(VisageError):
    """The state of an interrupted training can't be gone on with."""


class Keeper:
    """Saves and finds the states of one training in its folder; in none, where that is None."""

    def __init__(self, folder: Path | None, *, code: str, mode: Resume, minutes: float) -> None:
        self.folder = folder
        self.code = code
        self.mode = mode
        self.seconds = 60 * minutes
        self.saved_at = time.monotonic()
        self.is_done = False
        self.broken: set[str] = set()  # files of the folder

    @property
    def is_due(self) -> bool:
        """Whether the last state is older than it may be."""
        return self.folder is not None and time.monotonic() - self.saved_at > self.seconds

    def save(self, trainer: Trainer, course: Course) -> None:
        """Saves the state between two steps; a full disk costs a warning, not the training.

        All processes of a run call this together, and the first one writes.
        """
        self.saved_at = time.monotonic()
        if self.folder is None:
            return
        state = {"trainer": trainer.state_dict(), "course": course.state_dict()}
        if not trainer.machine.is_first:
            return
        try:
            self._write(self.folder, state)
        except (OSError, RuntimeError) as error:  # torch's writer raises the latter
            _log.warning(
                "WARNING: the state of this training can't be saved (%s); it goes on, and could be "
                "continued from the last state that was. Free some space.",
                error,
            )

    def _write(self, folder: Path, state: dict[str, Any]) -> None:
        book = _book(folder)
        entries = [] if book is None else book["states"]
        whole = [entry for entry in entries if entry["file"] not in self.broken]
        slot = next(name for name in SLOTS if not whole or name != whole[0]["file"])
        torch.save(state, folder / slot)
        to_disk(folder / slot)
        self.broken.discard(slot)
        newest = {"file": slot, "sha256": sha256_file(folder / slot)}
        older = [entry for entry in whole if entry["file"] != slot]
        write_json(folder / BOOK, {"format": FORMAT, "code": self.code, "states": [newest, *older]})
        to_disk(folder / BOOK)

    def resume(self, trainer: Trainer) -> Course:
        """Brings the trainer to where an interrupted training stood, and returns its course.

        Both are as new where there is no such training.

        Raises:
            StateError: the training was begun by other code, or its state does not fit this one.
        """
        book = None if self.folder is None else _book(self.folder)
        if self.folder is None or book is None:
            return Course()
        self._refuse_other_code(book["code"], self.folder)
        for entry in book["states"]:
            state = self._read(self.folder / entry["file"], entry["sha256"])
            if state is not None:
                return _gone_on(trainer, state, folder=self.folder)
            self.broken.add(entry["file"])
        return Course()

    def _refuse_other_code(self, code: str, folder: Path) -> None:
        if self.mode != Resume.FORCE and code != self.code:
            raise StateError(
                f"an interrupted training with these parameters and data is kept in {folder}, but "
                "the code that trains has changed since. VISAGE_RESUME=force goes on with it, "
                "VISAGE_RESUME=restart forgets it and begins anew"
            )

    def _read(self, path: Path, sha256: str) -> dict[str, Any] | None:
        try:
            if sha256_file(path) == sha256:
                state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
                return state
            reason = "its content has changed"
        except (OSError, RuntimeError, UnpicklingError) as error:
            reason = str(error)
        _log.warning("WARNING: the state %s is broken; trying the one before it (%s)", path, reason)
        return None

    def done(self) -> None:
        """Notes that all is written that the training leaves."""
        self.is_done = True

    def forget(self) -> None:
        """Removes the states."""
        if self.folder is not None and self.folder.is_dir():
            for name in (BOOK, *SLOTS):
                (self.folder / name).unlink(missing_ok=True)


def _book(folder: Path) -> dict[str, Any] | None:
    """Returns what is said of the states in a folder; None: there are none.

    Raises:
        StateError: it can't be read.
    """
    if not (folder / BOOK).is_file():
        return None
    try:
        book: dict[str, Any] = read_json(folder / BOOK)
        entries = [(entry["file"], entry["sha256"]) for entry in book["states"]]
        if isinstance(book["code"], str) and {file for file, _ in entries} <= set(SLOTS):
            return book
    except (JsonFileError, KeyError, TypeError):
        pass
    raise StateError(
        f"{folder / BOOK} is broken, which says what is kept of an interrupted training; "
        "VISAGE_RESUME=restart forgets that and begins anew"
    )


def _gone_on(trainer: Trainer, state: dict[str, Any], *, folder: Path) -> Course:
    try:
        trainer.load_state_dict(state["trainer"])
        course = Course.of(state["course"])
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        first, *_ = str(error).splitlines() or [type(error).__name__]
        raise StateError(
            f"the interrupted training in {folder} was begun by code whose state does not fit "
            f"today's ({first}); VISAGE_RESUME=restart forgets it and begins anew"
        ) from error
    at = trainer.position
    _log.warning("Going on with epoch %d behind batch %d", at.epoch, at.batch)
    return course


@contextmanager
def keeper(inputs: dict[str, str], *, on: Machine) -> Iterator[Keeper]:
    """Gives the keeper of the training with these inputs, alone: a twin waits until it ends.

    The states go when the training is done, unless a twin waits for them.

    Args:
        inputs: hashes of its parameters, data, initial weights (`init`) and code.
        on: of its processes the first one locks and writes, and all read.
    """
    mode = resume_mode()
    key = sha256_json([FORMAT, *(inputs[name] for name in ("params", "data", "init"))])[:16]
    root = Path(os.environ.get("DVC_ROOT") or ".")
    folder = root.resolve() / ".visage" / "state" / key
    if mode == Resume.NEVER:
        yield Keeper(None, code=inputs["code"], mode=mode, minutes=state_minutes())
        return
    made = Keeper(folder, code=inputs["code"], mode=mode, minutes=state_minutes())
    folder.parent.mkdir(parents=True, exist_ok=True)
    turn = Turn(folder.with_suffix(".lock"))  # beside it: a twin may wait for it when it goes
    with turn.taken(on=on):
        if on.is_first:
            folder.mkdir(exist_ok=True)
            if mode == Resume.RESTART:
                made.forget()
        wait(on)
        yield made
        if on.is_first:
            if made.is_done and not turn.is_awaited():
                made.forget()
            if not (folder / BOOK).is_file():
                shutil.rmtree(folder)
