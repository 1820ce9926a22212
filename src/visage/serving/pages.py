"""The pages: / for people, /docs for programmers; with their files, and nothing from elsewhere.

Swagger UI comes from the package fastapi-offline, whose files are used, not its code: FastAPI's own
page loads it from another host and has a script inside, both of which our policy forbids.
"""

from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

STATIC: Final = Path(__file__).parent / "static"

router = APIRouter(include_in_schema=False)


@router.get("/")
async def page() -> FileResponse:
    """Returns the page that takes a photo and shows its faces."""
    return FileResponse(STATIC / "page.html")


@router.get("/docs")
async def docs() -> FileResponse:
    """Returns the page that shows the OpenAPI description and tries it out."""
    return FileResponse(STATIC / "docs.html")


def add_pages(app: FastAPI) -> None:
    """Adds the pages and what they load."""
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC))
    app.mount("/swagger", StaticFiles(directory=str(files("fastapi_offline") / "static")))
