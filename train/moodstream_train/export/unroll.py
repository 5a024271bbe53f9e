"""Several steps of a recurrent TFLite model in one call, in addition to its single step."""

import copy
from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from moodstream.bundle.rnn import SEVERAL

STATE, STATE_OUT = b"state", b"state_out"
IDENTIFIER = b"TFL3"
"""File identifier of TFLite models, of the schema of TensorFlow Lite."""


def unroll(content: bytes, steps: int) -> bytes:
    """Add a signature that computes several steps in one call.

    A call of the interpreter costs more than a step of so small a network. The operators of the
    new signature are copies of those of the single step and share its weights. The results are
    the same, bit by bit.

    Args:
        content: TFLite model with one signature. It maps ``state`` and other inputs to
            ``state_out`` and other outputs.
        steps: steps of a call.

    Returns:
        the model with a second signature. Its inputs and outputs have the same names; all but the
        states have a new first axis [shape=(steps, ...)].
    """
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    (graph,), (single,) = model.subgraphs, model.signatureDefs
    unrolled, several = _Unroller(model, graph, single, steps).result()
    # The interpreter reaches the tensors of the first graph faster than those of any other.
    model.subgraphs, single.subgraphIndex = [unrolled, graph], 1
    model.signatureDefs = [several, single]
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())


class _Unroller:
    """Graph of several steps under construction; objects are those of the TFLite schema."""

    def __init__(self, model: Any, graph: Any, single: Any, steps: int) -> None:
        self._model, self._graph, self._single, self._steps = model, graph, single, steps
        self._tensors: list[Any] = []
        self._operators: list[Any] = []
        self._at_once: set[int] = set()  # tensors that are computed for all steps at once
        # Constants are shared by all steps.
        self._constants = {
            index: self._add(tensor)
            for index, tensor in enumerate(graph.tensors)
            if model.buffers[tensor.buffer].data is not None
        }

    def result(self) -> tuple[Any, Any]:
        """Return the graph of all steps and its signature."""
        inputs = {entry.name: entry.tensorIndex for entry in self._single.inputs}
        outputs = {entry.name: entry.tensorIndex for entry in self._single.outputs}
        state = self._add(self._graph.tensors[inputs[STATE]])
        heads = {STATE: state}
        fed: dict[int, list[int]] = {}
        for name, index in inputs.items():
            if name != STATE:
                heads[name] = self._stacked(index)
                fed |= self._read(index, heads[name])
        made: dict[bytes, list[int]] = {name: [] for name in outputs}
        for step in range(self._steps):
            given = {inputs[STATE]: state, **{index: parts[step] for index, parts in fed.items()}}
            places = self._step(given)
            state = places[outputs[STATE_OUT]]
            for name, index in outputs.items():
                made[name].append(places[index])
        tails = {STATE_OUT: state}
        for name, index in outputs.items():
            if name != STATE_OUT:
                tails[name] = self._packed(index, made[name])
        return self._finished(heads, tails)

    def _step(self, places: dict[int, int]) -> dict[int, int]:
        """Copy the operators; return where each tensor of the single step is now."""
        places = self._constants | places
        for operator in self._graph.operators:
            if int(operator.outputs[0]) in self._at_once:
                continue
            made = copy.copy(operator)
            for index in operator.outputs:
                places[int(index)] = self._add(_nameless(self._graph.tensors[index]))
            made.inputs = [places[int(i)] if i >= 0 else -1 for i in operator.inputs]
            made.outputs = [places[int(i)] for i in operator.outputs]
            self._operators.append(made)
        return places

    def _read(self, index: int, whole: int) -> dict[int, list[int]]:
        """Return the tensor that each step reads as an input, or as a result shared by all steps.

        Dense layers that depend only on the input process the rows of all steps in one operator, so
        that their weights are read once.

        Args:
            index: the input in the single step.
            whole: the input of all steps.
        """
        rows, found = whole, index
        while operator := self._only_reader(found):
            if self._code(operator) == schema.BuiltinOperator.RESHAPE and rows == whole:
                shape = self._graph.tensors[operator.outputs[0]].shape
                inputs = [whole, self._constant([shape[0] * self._steps, *shape[1:]])]
            elif self._code(operator) == schema.BuiltinOperator.FULLY_CONNECTED and rows != whole:
                inputs = [rows, *(self._constants.get(int(i), -1) for i in operator.inputs[1:])]
            else:
                break
            (out,) = operator.outputs
            rows, found = self._in_rows(int(out)), int(out)
            self._at_once.add(found)
            made = copy.copy(operator)
            made.inputs, made.outputs = inputs, [rows]
            self._operators.append(made)
        parts = [self._add(_nameless(self._graph.tensors[found])) for _ in range(self._steps)]
        if rows == whole:
            options = schema.UnpackOptionsT()
            options.num, options.axis = self._steps, 0
            self._operate(schema.BuiltinOperator.UNPACK, "UnpackOptions", options, [whole], parts)
            return {index: parts}
        options = schema.SplitOptionsT()
        options.numSplits = self._steps
        inputs = [self._constant(0), rows]
        self._operate(schema.BuiltinOperator.SPLIT, "SplitOptions", options, inputs, parts)
        return {found: parts}

    def _only_reader(self, index: int) -> Any:
        """Return the operator that reads a tensor, or None if several do."""
        readers = [it for it in self._graph.operators if index in it.inputs]
        return readers[0] if len(readers) == 1 else None

    def _code(self, operator: Any) -> int:
        return int(self._model.operatorCodes[operator.opcodeIndex].builtinCode)

    def _in_rows(self, index: int) -> int:
        """Add a tensor of the single step with the rows of all steps."""
        tensor = _nameless(self._graph.tensors[index])
        tensor.shape = np.array([tensor.shape[0] * self._steps, *tensor.shape[1:]], np.int32)
        return self._add(tensor)

    def _constant(self, numbers: int | list[int]) -> int:
        """Add a constant of whole numbers."""
        array, buffer = np.array(numbers, np.int32), schema.BufferT()
        buffer.data = np.frombuffer(array.tobytes(), np.uint8)
        self._model.buffers.append(buffer)
        tensor = schema.TensorT()
        tensor.shape, tensor.type, tensor.hasRank = list(array.shape), schema.TensorType.INT32, True
        tensor.buffer = len(self._model.buffers) - 1
        return self._add(tensor)

    def _packed(self, index: int, parts: list[int]) -> int:
        """Stack an output of all steps; return its tensor."""
        options = schema.PackOptionsT()
        options.valuesCount, options.axis = self._steps, 0
        whole = self._stacked(index)
        self._operate(schema.BuiltinOperator.PACK, "PackOptions", options, parts, [whole])
        return whole

    def _add(self, tensor: Any) -> int:
        self._tensors.append(tensor)
        return len(self._tensors) - 1

    def _stacked(self, index: int) -> int:
        tensor = copy.copy(self._graph.tensors[index])
        tensor.shape = np.array([self._steps, *tensor.shape], np.int32)
        tensor.shapeSignature = None
        return self._add(tensor)

    def _operate(
        self, code: int, kind: str, options: Any, inputs: list[int], outputs: list[int]
    ) -> None:
        known = schema.OperatorCodeT()
        known.builtinCode = known.deprecatedBuiltinCode = code
        known.version = 1
        self._model.operatorCodes.append(known)
        operator = schema.OperatorT()
        operator.opcodeIndex = len(self._model.operatorCodes) - 1
        operator.builtinOptionsType = getattr(schema.BuiltinOptions, kind)
        operator.builtinOptions = options
        operator.inputs, operator.outputs = inputs, outputs
        self._operators.append(operator)

    def _finished(self, heads: dict[bytes, int], tails: dict[bytes, int]) -> tuple[Any, Any]:
        graph = copy.copy(self._graph)
        graph.name = SEVERAL.encode()
        graph.tensors, graph.operators = self._tensors, self._operators
        graph.inputs, graph.outputs = [*heads.values()], [*tails.values()]
        signature = copy.copy(self._single)
        signature.signatureKey, signature.subgraphIndex = SEVERAL.encode(), 0
        signature.inputs, signature.outputs = _named(heads), _named(tails)
        return graph, signature


def _nameless(tensor: Any) -> Any:
    """Return a copy of an activation without its name, which would take most of the bytes."""
    made = copy.copy(tensor)
    made.name, made.shapeSignature = None, None
    if made.quantization is not None and made.quantization.scale is None:
        made.quantization = None
    return made


def _named(places: dict[bytes, int]) -> list[Any]:
    entries = []
    for name, index in places.items():
        entry = schema.TensorMapT()
        entry.name, entry.tensorIndex = name, index
        entries.append(entry)
    return entries
