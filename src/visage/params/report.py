"""`report`: the page."""

from typing import ClassVar

from visage.params.section import Count, Section


class Report(Section):
    """How many of the worst errors are shown."""

    key: ClassVar[str] = "report"
    worst: Count
