"""Reading what deploy/ ships."""

import re
from pathlib import Path
from typing import Any

import yaml
from dotenv import dotenv_values

from clinic.settings import PROJECT_ROOT
from tests.encryption_keys import ENCRYPTION_KEYS

DEPLOY = PROJECT_ROOT / "deploy"
SETTINGS = {name: value or "" for name, value in dotenv_values(PROJECT_ROOT / ".env.example").items()}
"""The assistant's own settings with their defaults."""
OF_SANIC, OF_UVICORN = "SANIC_PROXIES_COUNT", "FORWARDED_ALLOW_IPS"
"""Settings of the two servers themselves: how many proxies are in front, and which of them is believed."""
FILLED_IN = {
    "SECRET_KEY": "s" * 40,
    "ENCRYPTION_KEYS": ENCRYPTION_KEYS,
    "DATABASE_URL": "postgresql://milia:secret@database.example.com/milia",
    "REDIS_URL": "redis://redis.example.com:6379/0",
}

Mapping = dict[str, Any]


def compose() -> Mapping:
    """compose.yml, anchors resolved."""
    content: Mapping = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
    return content


def interpolated(text: str) -> set[str]:
    """The names of the variables that Compose puts into its file."""
    return set(re.findall(r"\$\{(\w+)", text))


def manifests() -> list[Mapping]:
    """All objects of the Kubernetes manifests, but for the kustomization."""
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [each for path in files if path.name != "kustomization.yaml" for each in objects_of(path)]


def objects_of(path: Path) -> list[Mapping]:
    """The objects in one file."""
    return [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]


def manifest(kind: str, name: str) -> Mapping:
    """The one object of a kind and a name."""
    (found,) = [each for each in manifests() if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return found


def pods() -> dict[str, Mapping]:
    """The pod templates, by the name of what makes the pods."""
    return {
        each["metadata"]["name"]: each["spec"]["template"]
        for each in manifests()
        if each["kind"] in ("Deployment", "Job")
    }


def containers(pod: Mapping) -> list[Mapping]:
    """All containers of a pod template, those that run first among them."""
    spec = pod["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]
