"""What docs/openapi.yml says of the bot's routes, and what of an answer is not as it says."""

from dataclasses import dataclass
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator

from clinic.settings import PROJECT_ROOT

FILE = PROJECT_ROOT / "docs" / "openapi.yml"
DEFAULT = "default"
BEFORE_ANY_ROUTE = ("400", "413")
JSON = "application/json"


@dataclass(frozen=True, order=True)
class Outcome:
    """One way in which a request can end; without a code the answer is no error in JSON."""

    method: str
    path: str
    status: str
    code: str = ""


def contract() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


CONTRACT = contract()


def operations() -> set[tuple[str, str]]:
    return {(method.upper(), path) for path, item in CONTRACT["paths"].items() for method in item}


def outcomes() -> set[Outcome]:
    """All of them that the file names, those of `default` for every operation."""
    return {
        Outcome(method, path, status, code)
        for method, path in operations()
        for status in _responses(method, path)
        for code in _codes(_response(method, path, status))
    }


def problems(method: str, path: str, response: httpx.Response) -> list[str]:
    """What of an answer is not as the file says; nothing when it is."""
    status = str(response.status_code)
    said = [status] if status in _responses(method, path) else []
    if status in BEFORE_ANY_ROUTE:
        said.append(DEFAULT)
    found = [_unlike(_response(method, path, one), response) for one in said]
    return min(found, key=len) if found else [f"status {status} is not in the file"]


def _unlike(said: dict[str, Any], response: httpx.Response) -> list[str]:
    kinds = said.get("content", {})
    kind = response.headers.get("Content-Type", "").split(";")[0]
    lacking = [name for name, header in said.get("headers", {}).items() if not _header_fits(response, name, header)]
    if not kinds:
        return lacking + (["a body"] if response.content else [])
    if kind not in kinds:
        return [*lacking, f"content type {kind!r}"]
    return lacking + (_schema_problems(kinds[kind]["schema"], response) if kind == JSON else [])


def _responses(method: str, path: str) -> dict[str, Any]:
    responses: dict[str, Any] = CONTRACT["paths"][path][method.lower()]["responses"]
    return responses


def _response(method: str, path: str, status: str) -> dict[str, Any]:
    response: dict[str, Any] = _responses(method, path)[status]
    return _resolved(response)


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: dict[str, Any] = CONTRACT
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return found


def _codes(response: dict[str, Any]) -> list[str]:
    schema = response.get("content", {}).get(JSON, {}).get("schema", {})
    for part in schema.get("allOf", []):
        error = part.get("properties", {}).get("error", {})
        if error:
            codes: list[str] = error["properties"]["code"]["enum"]
            return codes
    return [""]


def _header_fits(response: httpx.Response, name: str, header: dict[str, Any]) -> bool:
    value = response.headers.get(name)
    return value is not None and value.isdigit() and int(value) >= header["schema"]["minimum"]


def _schema_problems(schema: dict[str, Any], response: httpx.Response) -> list[str]:
    whole = {**schema, "components": CONTRACT["components"]}
    return [
        f"{error.json_path}: {error.validator}" for error in Draft202012Validator(whole).iter_errors(response.json())
    ]
