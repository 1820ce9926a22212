"""`tasks`: what the model learns and every later stage reports."""

from typing import ClassVar

from pydantic import model_validator

from visage.codes import Task
from visage.params.section import Scalar


class Tasks(Scalar[tuple[Task, ...]]):
    """`age`, `gender` or both."""

    key: ClassVar[str] = "tasks"

    @model_validator(mode="after")
    def _some_and_distinct(self) -> "Tasks":
        if not self.root or len(set(self.root)) != len(self.root):
            raise ValueError("must name age, gender or both, each once")
        return self

    @property
    def age(self) -> bool:
        """Whether ages are estimated."""
        return Task.AGE in self.root

    @property
    def gender(self) -> bool:
        """Whether gender is estimated."""
        return Task.GENDER in self.root
