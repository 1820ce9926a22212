"""From blocks to HTML: the one template of all pages, with its style and its script inside.

The page's own policy lets nothing run but this very script, by its hash, and forbids requests of
any kind, so that even a fault in the page could fetch nothing. Without the script all is there;
with it tables are sorted and filtered and drawings say their values.
"""

from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from visage.reporting.blocks import Page

_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
    "style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
)


def render(content: Page) -> str:
    """Returns the page as HTML."""
    loader = PackageLoader("visage.reporting")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    script = loader.get_source(environment, "report.js")[0]
    template = environment.get_template("report.html")
    return template.render(page=content, script=script, policy=_policy(script))


def _policy(script: str) -> str:
    return _POLICY.format(digest=b64encode(sha256(script.encode()).digest()).decode())
