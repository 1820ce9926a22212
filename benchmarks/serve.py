"""The server under load: statuses, latency and memory with 64 clients for a minute.

    python benchmarks/serve.py --model exports/model-int8.onnx --crop face --queue 32 PHOTO...

starts `visage serve` on a free port (`--margin 0` for a model that does not know its own); `--url`
takes one that runs. PHOTO: files or folders, whole photos for --crop face. Every client sends one
photo after the other over one connection, and comes again after `Retry-After` where it is sent
away. The clients share the machine with the server. The last line is JSON: among it the 503s of a
full queue, and the latency of what was answered. Memory is the server's own
process_resident_memory_bytes, sampled each second; its growth is from the median of the second
quarter of the time to that of the last: the memory goes up and down by the photos of two batches,
which a mean of few seconds shows as growth.
"""

import argparse
import asyncio
import itertools
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

from visage.photos.listing import list_photos

RESIDENT = re.compile(rb"^process_resident_memory_bytes (\S+)$", re.MULTILINE)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
RETRY = re.compile(rb"retry-after: (\d+)", re.IGNORECASE)
MIB = 1 << 20


@dataclass
class Seen:
    """What the clients saw: statuses, seconds of each answer with faces, bytes of memory."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)


async def client(host: str, port: int, photos: Iterator[bytes], *, end: float, seen: Seen) -> None:
    """Sends photos until the time is over."""
    reader, writer = await asyncio.open_connection(host, port)
    while time.perf_counter() < end:
        photo, started = next(photos), time.perf_counter()
        head = f"POST /faces HTTP/1.1\r\nHost: {host}\r\nContent-Type: image/jpeg\r\n"
        writer.write(f"{head}Content-Length: {len(photo)}\r\n\r\n".encode() + photo)
        answer = await reader.readuntil(b"\r\n\r\n")
        status, found = int(answer[9:12]), LENGTH.search(answer)
        await reader.readexactly(int(found[1]) if found else 0)
        seen.statuses[status] += 1
        if status == 200:
            seen.seconds.append(time.perf_counter() - started)
        elif (again := RETRY.search(answer)) is not None:
            await asyncio.sleep(int(again[1]))
    writer.close()


async def memory(url: str, *, end: float, seen: Seen) -> None:
    """Notes the server's memory each second."""
    while time.perf_counter() < end:
        text = await asyncio.to_thread(_get, f"{url}/metrics")
        found = RESIDENT.search(text)
        seen.resident.append(float(found[1]) if found else 0.0)
        await asyncio.sleep(1)


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content


async def load(url: str, photos: list[bytes], *, clients: int, seconds: float) -> Seen:
    """Returns what `clients` clients saw in that time."""
    seen, end, address = Seen(), time.perf_counter() + seconds, urlsplit(url)
    assert address.hostname, "an http address"
    assert address.port, "with its port"
    cycle = itertools.cycle(photos)
    tasks = [
        client(address.hostname, address.port, cycle, end=end, seen=seen) for _ in range(clients)
    ]
    await asyncio.gather(memory(url, end=end, seen=seen), *tasks)
    return seen


def figures(seen: Seen, *, clients: int, seconds: float) -> dict[str, object]:
    """Returns the figures by name."""
    quarter = max(1, len(seen.resident) // 4)
    early, late = seen.resident[quarter : 2 * quarter], seen.resident[-quarter:]
    quantiles = {"p50_ms": 0.5, "p99_ms": 0.99, "max_ms": 1.0} if seen.seconds else {}
    return {
        "clients": clients,
        "seconds": seconds,
        "statuses": dict(sorted(seen.statuses.items())),
        "full_queue_503": seen.statuses[503],
        "other_5xx": sum(
            n for status, n in seen.statuses.items() if status >= 500 and status != 503
        ),
        "photos_per_second": round(len(seen.seconds) / seconds, 1),
        **{
            name: round(float(np.quantile(seen.seconds, share)) * 1000)
            for name, share in quantiles.items()
        },
        "resident_mib": round(float(np.mean(late)) / MIB, 1),
        "growth_mib": round(float(np.median(late) - np.median(early or late)) / MIB, 1),
    }


def started(words: list[str]) -> tuple[subprocess.Popen[str], str]:
    """Returns the server's process and address, when it answers; words: of `visage serve`."""
    process = subprocess.Popen(  # noqa: S603
        [Path(sys.executable).parent / "visage", "serve", *words, "--port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None, "it was asked for"
    line = process.stderr.readline()
    assert line.startswith("http"), line
    url = line.split()[0]
    while True:
        try:
            _get(f"{url}/ready")
            return process, url
        except OSError:
            time.sleep(0.2)


def main() -> None:
    """Runs the load and prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("photos", type=Path, nargs="+", help="files, folders")
    parser.add_argument("--url")
    parser.add_argument("--model", type=Path, default=Path("models"))
    parser.add_argument("--crop", default="face")
    parser.add_argument("--queue", type=int, help="photos that may wait")
    parser.add_argument("--margin", help="of a model that does not know its own")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    photos = [path.read_bytes() for path in list_photos(map(str, asked.photos))]
    words = ["--model", str(asked.model), "--crop", asked.crop]
    for name in ("queue", "margin"):
        words += [] if getattr(asked, name) is None else [f"--{name}", str(getattr(asked, name))]
    process, url = (None, asked.url) if asked.url else started(words)
    try:
        seen = asyncio.run(load(url, photos, clients=asked.clients, seconds=asked.seconds))
    finally:
        if process is not None:
            process.terminate()
            process.wait()
    print(json.dumps(figures(seen, clients=asked.clients, seconds=asked.seconds)))


if __name__ == "__main__":
    main()
