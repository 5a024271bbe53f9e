"""YAMNet: scores of AudioSet classes and embeddings, from its published TFLite file."""

import hashlib
import warnings
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter

from moodstream.arrays import Float32
from moodstream_train.errors import TrainingError

RATE = 16_000
"""Hertz."""
FRAME = 15_600
"""Samples of a frame: the model's fixed input, 0.975 s."""
HOP = 7_680
"""Samples from one frame to the next: 0.48 s, the hop of the published model."""
PEAK = 0.9
"""Peak of each clip as the model hears it."""
EMBEDDING = "global_average_pooling2d/Mean"
"""End of the name of the tensor that holds the embedding of 1024."""


class Answer(NamedTuple):
    """Scores and embeddings of the frames of one clip."""

    scores: npt.NDArray[np.float16]
    """Score of each class [shape=(frames, classes), 0..1, float16]."""
    embeddings: npt.NDArray[np.float16]
    """Embedding of each frame [shape=(frames, dimensions), float16]."""


def frames(samples: Float32) -> Float32:
    """Cut a clip into overlapping frames after scaling its peak to 0.9.

    The end is padded with zeros to fill the last frame. Digital silence stays silent.

    Args:
        samples: The clip at 16 kHz [shape=(n,), float32].

    Returns:
        The frames [shape=(frames, 15600), float32]; none for an empty clip.
    """
    if not len(samples):
        return np.empty((0, FRAME), np.float32)
    peak = float(np.abs(samples).max())
    level = samples * np.float32(PEAK / peak) if peak else samples
    count = 1 + -(-max(0, len(samples) - FRAME) // HOP)
    padded = np.zeros((count - 1) * HOP + FRAME, np.float32)
    padded[: len(samples)] = level
    return np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]


class Yamnet:
    """A loaded YAMNet, on one thread.

    Args:
        path: Where ``yamnet.tflite`` is.

    Raises:
        TrainingError: The file cannot be read, or is not YAMNet.
    """

    key: str
    """Hash of the model file and of the framing: equal keys give equal answers."""
    classes: int
    """Number of scores in each frame."""

    def __init__(self, path: Path) -> None:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise TrainingError(f"{path}: cannot be read: {error.strerror}") from error
        framing = f"{RATE} {FRAME} {HOP} {PEAK}".encode()
        self.key = hashlib.sha256(content + framing).hexdigest()
        self._interpreter = _interpreter(path, content)
        (self._input,) = (tensor["index"] for tensor in self._interpreter.get_input_details())
        (output,) = self._interpreter.get_output_details()
        self._output = output["index"]
        self.classes = int(output["shape"][-1])
        tensors = self._interpreter.get_tensor_details()
        (self._embedding,) = (t["index"] for t in tensors if t["name"].endswith(EMBEDDING))

    def answer(self, samples: Float32) -> Answer:
        """Return scores and embeddings of a 16 kHz clip [shape=(n,), float32].

        Raises:
            ValueError: The clip is empty.
        """
        if not len(samples):
            raise ValueError("an empty clip has no answer")
        scores, embeddings = [], []
        for frame in frames(samples):
            self._interpreter.set_tensor(self._input, frame)
            self._interpreter.invoke()
            scores.append(self._interpreter.get_tensor(self._output)[0])
            embeddings.append(self._interpreter.get_tensor(self._embedding)[0])
        return Answer(np.array(scores, np.float16), np.array(embeddings, np.float16))


def _interpreter(path: Path, content: bytes) -> Interpreter:
    """Load the model so that the embedding, an inner tensor, can be read after each call."""
    try:
        with warnings.catch_warnings():  # keeping inner tensors is what is wanted here
            warnings.simplefilter("ignore", UserWarning)
            interpreter = Interpreter(
                model_content=content, num_threads=1, experimental_preserve_all_tensors=True
            )
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise TrainingError(f"{path}: not a TFLite model: {error}") from error
    shapes = [tuple(tensor["shape"]) for tensor in interpreter.get_input_details()]
    names = [tensor["name"] for tensor in interpreter.get_tensor_details()]
    if shapes != [(FRAME,)] or sum(name.endswith(EMBEDDING) for name in names) != 1:
        raise TrainingError(
            f"{path}: not YAMNet: expected one input of {FRAME} samples and a tensor {EMBEDDING}"
        )
    return interpreter
