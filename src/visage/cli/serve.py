"""`visage serve`: a model behind HTTP, with a page for people."""

import math
from functools import partial
from ipaddress import ip_address
from typing import Annotated, Final

import numpy as np
import typer

from visage.cli.predict import CropOption, MarginOption, ModelOption, ViewsOption, view_names
from visage.data.decoding import quiet_decoders
from visage.data.pixels import MAX_PIXELS
from visage.files.paths import MODEL
from visage.inference.face_model import load_face_model
from visage.photos.crops import Crop
from visage.photos.faces import FaceReader
from visage.photos.reading import read_photo
from visage.serving.app import create_app
from visage.serving.key import VARIABLE, key_from_environment
from visage.serving.limits import MIB, Limits
from visage.serving.logs import log_to_stdout
from visage.serving.server import bind, url_of
from visage.serving.server import serve as run_server
from visage.serving.service import start_service

LOOPBACK: Final = "127.0.0.1"


def _number(given: float) -> float:
    """Refuses what is no number, of which no limit can be asked."""
    if math.isnan(given):
        raise typer.BadParameter("nan is no number of seconds")
    return given


def serve(
    model: ModelOption = MODEL.parent,
    crop: CropOption = Crop.FACE,
    margin: MarginOption = None,
    views: ViewsOption = None,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: a free one.")] = 8000,
    queue: Annotated[int, typer.Option(min=1, help="Photos that may wait for the model.")] = 64,
    max_mib: Annotated[int, typer.Option(min=1, help="Of a photo's file.")] = 20,
    max_megapixels: Annotated[
        int, typer.Option(min=1, max=MAX_PIXELS // 10**6, help="Of a photo.")
    ] = 50,
    seconds: Annotated[
        float,
        typer.Option(min=0.1, max=3600, callback=_number, help="Until an answer must be there."),
    ] = 30.0,
) -> None:
    """Serve a model: POST /faces, a page at /, until Ctrl-C.

    The environment's VISAGE_API_KEY, if set, is asked of every client.
    """
    limits = Limits(
        max_bytes=max_mib * MIB,
        max_pixels=max_megapixels * 10**6,
        held_bytes=max(Limits.held_bytes, 2 * max_mib * MIB),  # or the largest would never fit
        queue=queue,
        seconds=seconds,
    )
    key = key_from_environment()
    bound = bind(host, port)
    loaded = load_face_model(model, views=view_names(views))
    find = FaceReader(loaded, crop=crop, margin=margin)
    find([np.zeros((64, 64, 3), np.uint8)])  # whatever is loaded at first use is loaded now
    quiet_decoders()
    log_to_stdout()
    read = partial(read_photo, max_bytes=limits.max_bytes, max_pixels=limits.max_pixels)
    service = start_service(find, read=read, facts=loaded.facts, limits=limits, key=key)
    _say_where(url_of(bound), host, has_key=key is not None)
    run_server(create_app(service), bound, limits)


def _say_where(url: str, host: str, *, has_key: bool) -> None:
    typer.echo(f"{url} (Ctrl-C ends)", err=True)
    if not has_key and not _is_loopback(host):
        typer.echo(f"WARNING: whoever reaches {host} may ask; set {VARIABLE} to a key.", err=True)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"
