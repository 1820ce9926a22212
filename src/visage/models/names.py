"""The names of timm's models, without importing timm.

Importing timm takes seconds, because it imports torch; the guard in front of every stage only
wants to refuse a misspelt backbone before anything slow begins. timm registers each model by a
decorated function of its name, so its sources are searched for those. A test holds this list equal
to timm's own.
"""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

REGISTERED = re.compile(r"^@register_model\s*\n(?:@.*\n)*def (\w+)\(", re.MULTILINE)


@cache
def registered_names() -> list[str]:
    """Returns the names of all models that timm registers, sorted; none where it is missing."""
    spec = find_spec("timm")
    if spec is None or spec.origin is None:
        return []
    sources = sorted((Path(spec.origin).parent / "models").glob("*.py"))
    return sorted(
        name for path in sources for name in REGISTERED.findall(path.read_text(encoding="utf-8"))
    )
