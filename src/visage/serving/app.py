"""The application, put together from its routes."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import anyio.to_thread
from fastapi import Depends, FastAPI

from visage import __version__
from visage.serving import photos, state
from visage.serving.key import require_key
from visage.serving.observing import Observed
from visage.serving.pages import add_pages
from visage.serving.service import Service

_log = logging.getLogger(__name__)

DESCRIPTION: Final = (
    "Faces in a photo, with an estimate of age and gender of each. Estimates are of appearance, "
    "are often wrong for a single person, and prove nobody's age, gender or identity. "
    "Nothing that is sent is stored."
)


def create_app(service: Service) -> FastAPI:
    """Returns the application around a service, whose desk it closes when it ends."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        if not await anyio.to_thread.run_sync(service.desk.close):
            _log.warning("the last batch was not finished")

    app = FastAPI(
        title="visage",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.service = service
    app.add_middleware(Observed, figures=service.figures)
    # Without a key the description must not ask for one.
    keepers = [Depends(require_key)] if service.key else []
    app.include_router(photos.router, dependencies=keepers)
    app.include_router(state.guarded, dependencies=keepers)
    app.include_router(state.router)
    add_pages(app)
    return app
