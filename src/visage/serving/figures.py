"""What Prometheus may read at /metrics; a registry of its own for each application.

Routes are labelled by their pattern, never by what a client wrote, so that nobody can make labels.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
PHOTOS = (1, 2, 4, 8, 16, 32)


class Figures:
    """The counters and histograms; threads may use them at once."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor, open files
        self.requests = Counter(
            "visage_requests", "Answered requests.", ("route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "visage_request_seconds",
            "From a request's headers to its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.faces = Counter("visage_faces", "Faces found.", registry=self.registry)
        self.unfamiliar = Counter(
            "visage_unfamiliar_faces",
            "Faces that the training had none like.",
            registry=self.registry,
        )
        self.batch = Histogram(
            "visage_batch_photos", "Photos in a batch.", buckets=PHOTOS, registry=self.registry
        )
        self.waiting = Gauge(
            "visage_waiting_photos", "Photos that wait for the model.", registry=self.registry
        )
        self.held = Gauge("visage_held_bytes", "Bytes of requests in hand.", registry=self.registry)

    def text(self) -> bytes:
        """Returns all of them in Prometheus' text format."""
        return generate_latest(self.registry)
