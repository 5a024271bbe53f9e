"""TFLite models: LiteRT, or an installed tflite-runtime where there is no LiteRT."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from moodstream.arrays import Float32

try:
    from ai_edge_litert.interpreter import Interpreter
except ImportError:
    from tflite_runtime.interpreter import Interpreter


class Model:
    """One signature of a TFLite model: named arrays in, named arrays out.

    Raises:
        ValueError: the bytes are no TFLite model, or it has other than one signature.
    """

    def __init__(self, content: bytes) -> None:
        with _without_native_chatter():
            # One thread: models this small lose time on more.
            self._interpreter = Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
        if len(self._interpreter.get_signature_list()) != 1:
            raise ValueError("expected a model with one signature")
        signature = self._interpreter.get_signature_runner()
        inputs, outputs = signature.get_input_details(), signature.get_output_details()
        self.input_shapes = {name: _shape(tensor) for name, tensor in inputs.items()}
        self.output_shapes = {name: _shape(tensor) for name, tensor in outputs.items()}
        self._input_index = {name: tensor["index"] for name, tensor in inputs.items()}
        self._output_index = {name: tensor["index"] for name, tensor in outputs.items()}

    def run(self, **inputs: Float32) -> dict[str, Float32]:
        """Invoke the model once; setting tensors by index halves the cost of a signature call."""
        for name, value in inputs.items():
            self._interpreter.set_tensor(self._input_index[name], value)
        self._interpreter.invoke()
        return {
            name: self._interpreter.get_tensor(index) for name, index in self._output_index.items()
        }


def _shape(tensor: dict[str, object]) -> tuple[int, ...]:
    return tuple(int(size) for size in tensor["shape"])  # type: ignore[attr-defined]


@contextmanager
def _without_native_chatter() -> Iterator[None]:
    """The native library announces its CPU kernels on stderr, in the midst of JSON logs."""
    kept = os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(null)
        os.close(kept)
