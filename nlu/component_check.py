"""Refusing a configuration that names a component which needs TensorFlow, before anything is trained with it."""

from pathlib import Path
from typing import Any

from clinic.yaml_files import read_yaml

# The components of Rasa 3.6.21 whose modules build TensorFlow models (rasa/nlu/classifiers/diet_classifier.py,
# rasa/nlu/selectors, rasa/nlu/featurizers/dense_featurizer, rasa/core/policies).
NEEDS_TENSORFLOW = frozenset(
    {
        "DIETClassifier",
        "ResponseSelector",
        "ConveRTFeaturizer",
        "LanguageModelFeaturizer",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
    }
)


class ComponentNeedsTensorFlowError(ValueError):
    """`config.yml` names a component that cannot run here; the message names it and says what to do."""


def refuse_tensorflow_components(config_file: Path) -> None:
    """Check every component of the pipeline and every policy.

    Raises:
        ComponentNeedsTensorFlowError: one of them needs TensorFlow.
    """
    config: dict[str, Any] = read_yaml(config_file) or {}
    configured = [*(config.get("pipeline") or ()), *(config.get("policies") or ())]
    names = [str(entry.get("name") if isinstance(entry, dict) else entry) for entry in configured]
    needy = [name for name in names if name.rpartition(".")[2] in NEEDS_TENSORFLOW]
    if needy:
        raise ComponentNeedsTensorFlowError(
            f"{config_file.name} names {', '.join(needy)}, which needs TensorFlow; this environment has none. "
            "Take it out, or see docs/left-out-packages.md for running with the real thing."
        )
