"""The RNN of a bundle without its signature for several steps."""

import flatbuffers
from ai_edge_litert import schema_py_generated as schema

from moodstream.bundle.rnn import SEVERAL
from moodstream_train.export.unroll import IDENTIFIER


def single(content: bytes) -> bytes:
    """Return a model with its single step alone; all else stays as it is."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content))
    (kept,) = (one for one in model.signatureDefs if one.signatureKey != SEVERAL.encode())
    model.subgraphs = [model.subgraphs[kept.subgraphIndex]]
    kept.subgraphIndex = 0
    model.signatureDefs = [kept]
    builder = flatbuffers.Builder(len(content))
    builder.Finish(model.Pack(builder), IDENTIFIER)
    return bytes(builder.Output())
