"""A model is data: nothing in its archive is turned into objects of any class, so none of it runs when it is read."""

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from nlu.label_model import LabelModel
from nlu.model_files import current_model

TEXT = {".json", ".yml"}
ARRAYS = ".npz"
GRAPH = ".onnx"


@pytest.mark.model
def test_the_current_model_holds_text_numbers_and_a_graph_alone() -> None:
    with tarfile.open(current_model()) as archive:
        files = {entry.name: archive.extractfile(entry) for entry in archive.getmembers() if not entry.isdir()}
        contents = {name: file.read() for name, file in files.items() if file}
    assert {Path(name).suffix for name in contents} == {*TEXT, ARRAYS, GRAPH}
    for name, content in contents.items():
        if Path(name).suffix in TEXT:
            assert content.decode("utf-8"), name
        elif name.endswith(ARRAYS):
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                assert {arrays[each].dtype.kind for each in arrays} <= set("fiu"), name


def test_a_model_with_an_object_in_its_numbers_is_refused(tmp_path: Path) -> None:
    described = '{"labels": [], "temperature": 1.0, "words": ["a"], "characters": ["a"]}'
    (tmp_path / "label_model.json").write_text(described, encoding="utf-8")
    np.savez(tmp_path / "label_model.npz", word_idf=np.array([object()]), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        LabelModel.load(tmp_path)
