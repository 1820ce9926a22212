import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

Client = Callable[..., TestClient]
LOADED = re.compile(r'(?:src|href)="([^"]+)"')


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_page_loads_only_what_the_server_has(client: Client, path: str) -> None:
    started = client()
    loaded = LOADED.findall(started.get(path).text)
    assert len(loaded) >= 3
    for address in loaded:
        assert started.get(f"/{address}").status_code == 200


def test_no_file_of_the_pages_names_another_host(root: Path) -> None:
    files = [
        path for path in (root / "src/visage/serving/static").iterdir() if path.suffix != ".svg"
    ]
    assert len(files) == 5
    for path in files:
        assert "//" not in re.sub(r"^\s*//.*$|(?<=[ ;])// .*$", "", path.read_text(), flags=re.M)


def test_openapi_tells_every_status_of_a_photo(client: Client) -> None:
    described = client().get("/openapi.json").json()["paths"]["/faces"]["post"]["responses"]
    assert set(described) == {"200", "400", "401", "408", "413", "415", "422", "503", "504"}


def test_files_outside_of_the_pages_are_not_served(client: Client) -> None:
    started = client()
    for path in ("/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static//etc/passwd"):
        assert started.get(path).status_code == 404
