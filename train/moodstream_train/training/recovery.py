"""Recovery of trained networks from the TFLite files of a bundle.

An exported file holds all weights of a network: 8-bit ones with a scale for each unit, and biases
as floats or 32-bit integers. They are turned into floats again, so that fine-tuning can start from
any bundle, and no second copy of the weights can be out of step with it.
"""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
from ai_edge_litert import schema_py_generated as schema

from moodstream.arrays import Float32
from moodstream.bundle.bundle import Bundle
from moodstream.bundle.cnn import CnnClassifier
from moodstream.bundle.tflite import DEFAULT
from moodstream.features.window import Window
from moodstream_train.errors import TrainingError
from moodstream_train.networks import cnn, rnn
from moodstream_train.networks.outputs import OUTPUTS
from moodstream_train.recipe import Recipe

MIN_AGREEMENT = 0.9
"""Least share of windows for which a recovered network must name the same mood as its file. The
rounding of activations costs a percent; a misread file leaves chance."""
CHECKED = 64
"""Random inputs of this check."""
_CODES = schema.BuiltinOperator
_PASSED = (_CODES.RESHAPE, _CODES.QUANTIZE, _CODES.DEQUANTIZE, _CODES.TANH)
"""Operators between a layer and the input or output that names it."""
_TYPES = {
    schema.TensorType.FLOAT32: np.float32,
    schema.TensorType.INT8: np.int8,
    schema.TensorType.INT32: np.int32,
}

Weights = tuple[Float32, Float32]
"""Kernel [shape=(..., inputs, units)] and bias [shape=(units,)], as Keras orders them."""


class RecoveryError(TrainingError):
    """The networks of a bundle cannot be fine-tuned; the message says why."""


def networks(bundle: Bundle, recipe: Recipe) -> tuple[keras.Model, keras.Model]:
    """Rebuild the CNN and the RNN of a bundle with the weights of its files.

    Args:
        bundle: the bundle.
        recipe: sizes of its networks.

    Raises:
        RecoveryError: a file holds another network than the recipe describes.
    """
    try:
        made = _cnn(bundle, recipe), _rnn(bundle, recipe)
    except (ValueError, KeyError) as error:
        raise RecoveryError(f"the networks are not those of the card's recipe: {error}") from error
    agreement = _agreement(made[0], bundle)
    if agreement < MIN_AGREEMENT:
        raise RecoveryError(
            f"the recovered CNN names the same mood as its file for only {agreement:.0%} of random "
            f"inputs; at least {MIN_AGREEMENT:.0%} are needed: export the bundle again"
        )
    return made


def _cnn(bundle: Bundle, recipe: Recipe) -> keras.Model:
    graph = _Graph(bundle.cnn_model)
    width = len(bundle.card.texture.mean)
    model = cnn.build(recipe.cnn, recipe.features.n_mfcc, width, folded=True)
    of_kind = {"Conv1D": graph.layers(_CODES.CONV_2D), "Dense": graph.hidden()}
    for layer in model.layers:
        if layer.name in OUTPUTS:
            layer.set_weights(graph.head(layer.name))
        elif layer.weights:
            layer.set_weights(next(of_kind[type(layer).__name__]))
    return model


def _rnn(bundle: Bundle, recipe: Recipe) -> keras.Model:
    graph = _Graph(bundle.rnn_model)
    model = rnn.build(recipe.rnn, recipe.features)
    # The state is the only other input. Its layer may come before those of the frames.
    hidden = graph.hidden_operators()
    follows = [graph.follows(one, "frames") for one in hidden]
    embedding, gru = (graph.weights(one) for one, does in zip(hidden, follows, strict=True) if does)
    (again,) = (graph.weights(one) for one, does in zip(hidden, follows, strict=True) if not does)
    model.get_layer("embedding").set_weights(embedding)
    model.get_layer("gru").set_weights([gru[0], again[0], np.stack([gru[1], again[1]])])
    for name in OUTPUTS:
        model.get_layer(name).set_weights(graph.head(name))
    return model


def _agreement(model: keras.Model, bundle: Bundle) -> float:
    """Return the share of random inputs for which a network names the same mood as its file."""
    rng = np.random.default_rng(0)
    runtime = CnnClassifier(bundle.cnn_model, 1.0, bundle.card.cnn.window_frames)
    frames = rng.standard_normal((CHECKED, runtime.window_frames, runtime.n_mfcc), np.float32)
    texture = rng.standard_normal((CHECKED, runtime.texture_width), np.float32)
    found = []
    for one, its_texture in zip(frames, texture, strict=True):
        window = Window(runtime.window_frames, runtime.n_mfcc)
        window.push(one)
        runtime.reset()
        found.append(int(runtime.process(window, its_texture).moods.argmax()))
    expected = model.predict([frames, texture], verbose=0)["logits"].argmax(-1)
    return float(np.mean(np.array(found) == expected))


class _Graph:
    """The graph of a model's default signature, and the weights of its layers."""

    def __init__(self, content: bytes) -> None:
        self._model = schema.ModelT.InitFromPackedBuf(content, 0)
        (signature,) = (
            one for one in self._model.signatureDefs if one.signatureKey.decode() == DEFAULT
        )
        self._graph = self._model.subgraphs[signature.subgraphIndex]
        self._inputs = {one.name.decode(): one.tensorIndex for one in signature.inputs}
        self._outputs = {one.name.decode(): one.tensorIndex for one in signature.outputs}
        self._maker = {int(out): one for one in self._graph.operators for out in one.outputs}

    def layers(self, code: int) -> Iterator[Weights]:
        """Yield the weights of all layers of a kind in their order."""
        return (self.weights(one) for one in self._graph.operators if self._code(one) == code)

    def hidden(self) -> Iterator[Weights]:
        """Yield the weights of the dense layers that are no output."""
        return (self.weights(one) for one in self.hidden_operators())

    def hidden_operators(self) -> Sequence[schema.OperatorT]:
        """Return the dense layers that are no output, in their order."""
        heads = [self._layer_before(self._outputs[name]) for name in OUTPUTS]
        return [
            one
            for one in self._graph.operators
            if self._code(one) == _CODES.FULLY_CONNECTED and one not in heads
        ]

    def head(self, output: str) -> Weights:
        """Return the weights of the layer that makes an output."""
        return self.weights(self._layer_before(self._outputs[output]))

    def follows(self, operator: schema.OperatorT, name: str) -> bool:
        """Tell whether a dense layer sees an input, alone or through other dense layers."""
        before = self._before(int(operator.inputs[0]))
        if before is None or self._code(before) != _CODES.FULLY_CONNECTED:
            return bool(self._origin(int(operator.inputs[0])) == self._inputs[name])
        return self.follows(before, name)

    def weights(self, operator: schema.OperatorT) -> Weights:
        """Return the kernel and the bias of a layer as floats."""
        _, kernel, bias = (int(i) for i in operator.inputs)
        values = self._floats(kernel)
        # A convolution's are [shape=(units, 1, span, inputs)], a dense layer's (units, inputs).
        values = values[:, 0].transpose(1, 2, 0) if values.ndim == 4 else values.T
        units = values.shape[-1]
        return values, self._floats(bias) if bias >= 0 else np.zeros(units, np.float32)

    def _layer_before(self, tensor: int) -> schema.OperatorT:
        found = self._before(tensor)
        if found is None or self._code(found) != _CODES.FULLY_CONNECTED:
            raise ValueError("an output is not made by a dense layer")
        return found

    def _before(self, tensor: int) -> schema.OperatorT | None:
        """Return the operator that makes a tensor, past those that only pass it on."""
        return self._maker.get(self._origin(tensor))

    def _origin(self, tensor: int) -> int:
        while (maker := self._maker.get(tensor)) and self._code(maker) in _PASSED:
            tensor = int(maker.inputs[0])
        return tensor

    def _code(self, operator: schema.OperatorT) -> int:
        return int(self._model.operatorCodes[operator.opcodeIndex].builtinCode)

    def _floats(self, index: int) -> Float32:
        """Return a constant as floats: each value less its zero point, times its scale."""
        tensor = self._graph.tensors[index]
        data = self._model.buffers[tensor.buffer].data
        if data is None or tensor.type not in _TYPES:
            raise ValueError("the weights of a layer are of an unknown kind")
        values = np.frombuffer(bytes(data), _TYPES[tensor.type]).reshape(tensor.shape)
        if tensor.type == schema.TensorType.FLOAT32:
            return values.copy()
        scale, zero = tensor.quantization.scale, tensor.quantization.zeroPoint
        shape = [1] * values.ndim
        shape[tensor.quantization.quantizedDimension] = len(scale)
        made: Float32 = (values - np.reshape(zero, shape)) * np.reshape(scale, shape)
        return made.astype(np.float32)
