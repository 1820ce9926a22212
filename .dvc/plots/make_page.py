"""Writes page.html, DVC's plot page with Vega inside, so that plots open without any network.

DVC's own page loads Vega from a CDN. Run this once after an upgrade of vl-convert-python, which
carries the libraries; `plots.html_template` in .dvc/config names the page. The Vega-Lite version
is that of DVC's plot templates, so that Vega prints no warning about a newer schema.
"""

from pathlib import Path

import vl_convert

PAGE = """<!DOCTYPE html>
<html>
<head>
    <meta charset="utf-8">
    {refresh_tag}
    <title>visage: plots</title>
    <style>
        body {{ font-family: system-ui, sans-serif; }}
        table {{ border-spacing: 15px; }}
    </style>
    <script>(() => {{ {bundle} }})();</script>
</head>
<body>
    {plot_divs}
</body>
</html>
"""

if __name__ == "__main__":
    versions = [v for v in vl_convert.get_vegalite_versions() if v.startswith("5.")]
    version = max(versions, key=lambda v: int(v.removeprefix("5.")))
    bundle = vl_convert.javascript_bundle(vl_version=version)
    page = PAGE.format(bundle=bundle, refresh_tag="{refresh_tag}", plot_divs="{plot_divs}")
    Path(__file__).with_name("page.html").write_text(page, encoding="utf-8")
