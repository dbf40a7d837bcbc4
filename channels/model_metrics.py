"""Which model answers the visitors of this process, and whether a newer one was refused."""

import re
from collections.abc import Iterator
from datetime import timezone

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector

from channels.agent import ClinicAgent
from channels.model_changes import ModelChanges
from channels.turn_metrics import OTHER

FINGERPRINT = re.compile(r"[0-9a-f]{8,64}")
"""How nlu/model_files.py names models; another name may be anything, and so is in no label."""


class ModelMetrics(Collector):
    """Says at each scrape what is in force at that moment."""

    def __init__(self, agent: ClinicAgent, changes: ModelChanges) -> None:
        self._agent = agent
        self._changes = changes

    def collect(self) -> Iterator[GaugeMetricFamily | InfoMetricFamily]:
        """The model's name, when it was trained, and whether a promoted one was refused."""
        model = self._changes.model
        known = model if FINGERPRINT.fullmatch(model) else OTHER
        yield InfoMetricFamily("milia_model", "The model in force in this process", value={"fingerprint": known})
        # Rasa notes the time in UTC and without saying so (rasa/engine/storage/local_model_storage.py).
        trained_at = self._agent.processor.model_metadata.trained_at.replace(tzinfo=timezone.utc)
        yield GaugeMetricFamily(
            "milia_model_trained_timestamp_seconds", "When that model was trained", value=trained_at.timestamp()
        )
        yield GaugeMetricFamily(
            "milia_model_refused",
            "Whether a model that was promoted could not be taken",
            value=float(bool(self._changes.refused)),
        )
