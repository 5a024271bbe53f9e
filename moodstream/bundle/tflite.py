"""TFLite models, run by LiteRT, or by tflite-runtime if LiteRT is not installed."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from moodstream.arrays import Float32

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    from tflite_runtime.interpreter import Interpreter

DEFAULT = "serve"
"""Signature that is run by default: the name that Keras exports."""


class Model:
    """One signature of a TFLite model, with named input and output arrays.

    Threads may share it; it serves one at a time.

    Args:
        content: content of the TFLite file.
        key: the signature; by default the only one, or the one that is called ``serve``.

    Raises:
        ValueError: the content is not a TFLite model, or it has no such signature.
    """

    def __init__(self, content: bytes, key: str = "") -> None:
        self._lock = threading.Lock()
        with _without_native_chatter():
            # One thread: models this small lose time on more.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        self.signatures = tuple(self._interpreter.get_signature_list())
        """Names of all signatures of the file."""
        key = key or (self.signatures[0] if len(self.signatures) == 1 else DEFAULT)
        if key not in self.signatures:
            raise ValueError(f"expected a signature '{key}', found {self.signatures}")
        runner = self._interpreter.get_signature_runner(key)
        inputs, outputs = runner.get_input_details(), runner.get_output_details()
        self.input_shapes = {name: _shape(tensor) for name, tensor in inputs.items()}
        """Shape of each input, by name."""
        self.output_shapes = {name: _shape(tensor) for name, tensor in outputs.items()}
        """Shape of each output, by name."""
        self._input_index = {name: tensor["index"] for name, tensor in inputs.items()}
        self._output_index = {name: tensor["index"] for name, tensor in outputs.items()}
        first = {_place(tensor) for tensor in self._interpreter.get_input_details()}
        self._runner = None if first == {_place(it) for it in inputs.values()} else runner

    def run(self, **inputs: Float32) -> Mapping[str, Float32]:
        """Compute the outputs from the inputs, both by name."""
        with self._lock:
            return self._run(inputs)

    def _run(self, inputs: Mapping[str, Float32]) -> Mapping[str, Float32]:
        if self._runner:
            outputs: Mapping[str, Float32] = self._runner(**inputs)
            return outputs
        # Direct access to the tensors of the first graph costs half as much as calling a signature.
        for name, value in inputs.items():
            self._interpreter.set_tensor(self._input_index[name], value)
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(index) for name, index in self._output_index.items()
        }


def _shape(tensor: Mapping[str, Any]) -> tuple[int, ...]:
    return tuple(int(size) for size in tensor["shape"])


def _place(tensor: Mapping[str, Any]) -> tuple[object, ...]:
    return tensor["index"], tensor["name"], _shape(tensor)


@contextmanager
def _without_native_chatter() -> Iterator[None]:
    """Silence the native library, which would print its CPU kernels into a JSON log."""
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(null)
        os.close(kept)
