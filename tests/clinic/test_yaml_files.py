"""The project's YAML files hold plain values; whatever else a file holds is refused as broken YAML."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from clinic.answers.response_files import ResponseFiles, ResponseFilesError
from clinic.yaml_files import read_yaml


def test_plain_values_are_read(tmp_path: Path) -> None:
    file = tmp_path / "values.yml"
    file.write_text("names: [Zoë, '👍']\nseconds: 3\nwhen: 2026-01-02\n", encoding="utf-8")
    assert read_yaml(file) == {"names": ["Zoë", "👍"], "seconds": 3, "when": date(2026, 1, 2)}


def test_an_empty_file_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "empty.yml"
    file.write_text("# nothing yet\n", encoding="utf-8")
    assert read_yaml(file) is None


@pytest.mark.parametrize(
    "content",
    [b"names: \xff\xfe\xfa", b"text: 'open", b"run: !!python/object/apply:os.getcwd []", b"a: b: c"],
    ids=["no text", "an open quote", "an object", "a mapping in a mapping"],
)
def test_anything_else_is_broken_yaml(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.yml"
    file.write_bytes(content)
    with pytest.raises(yaml.YAMLError):
        read_yaml(file)


def test_responses_in_another_encoding_are_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "greeting.yml").write_bytes("responses:\n  utter_greet:\n  - text: Schön\n".encode("latin-1"))
    with pytest.raises(ResponseFilesError, match=r"greeting\.yml"):
        ResponseFiles(tmp_path)
