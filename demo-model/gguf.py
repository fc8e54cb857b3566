"""GGUF version 3, written and read: just what this model needs (F32 and Q8_0 tensors)."""
import os
import struct

import numpy as np

from vocabulary import Vocabulary

ALIGNMENT, BLOCK = 32, 32
F32, Q8_0 = 0, 8
U32, FLOAT, BOOL, STRING, ARRAY, I32 = 4, 6, 7, 8, 9, 5
FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", U32: "I", I32: "i", FLOAT: "f", BOOL: "?", 10: "Q", 11: "q", 12: "d"}


def quantise(rows):
    """Q8_0: blocks of 32 values of a row, one half-precision scale and 32 signed bytes each."""
    blocks = np.ascontiguousarray(rows, np.float32).reshape(-1, BLOCK)
    scale = np.abs(blocks).max(1, keepdims=True) / 127
    numbers = np.round(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale > 0)).astype(np.int8)
    packed = np.zeros(len(blocks), [("scale", "<f2"), ("numbers", "i1", BLOCK)])
    packed["scale"], packed["numbers"] = scale[:, 0].astype(np.float16), numbers
    return packed.tobytes()


def dequantise(data, shape):
    packed = np.frombuffer(data, [("scale", "<f2"), ("numbers", "i1", BLOCK)])
    return (packed["scale"].astype(np.float32)[:, None] * packed["numbers"].astype(np.float32)).reshape(shape)


def text(value):
    data = value.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def value_bytes(kind, value):
    if kind == STRING:
        return text(value)
    return struct.pack("<" + FORMATS[kind], value)


def entry(key, kind, value, item=None):
    head = text(key) + struct.pack("<I", kind)
    if kind != ARRAY:
        return head + value_bytes(kind, value)
    return head + struct.pack("<IQ", item, len(value)) + b"".join(value_bytes(item, one) for one in value)


def metadata(shape, vocabulary, template):
    one = vocabulary.id
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.type", STRING, "model"),
        entry("general.name", STRING, "Slipway Demo"),
        entry("general.description", STRING, "A tiny model for demonstrations and tests, trained from scratch by the Slipway project."),
        entry("general.license", STRING, "Apache-2.0"),
        entry("general.languages", ARRAY, ["en"], STRING),
        entry("general.alignment", U32, ALIGNMENT),
        entry("general.file_type", U32, 7),  # mostly Q8_0
        entry("general.quantization_version", U32, 2),
        entry("llama.context_length", U32, shape.context),
        entry("llama.embedding_length", U32, shape.width),
        entry("llama.block_count", U32, shape.blocks),
        entry("llama.feed_forward_length", U32, shape.hidden),
        entry("llama.attention.head_count", U32, shape.heads),
        entry("llama.attention.head_count_kv", U32, shape.kv_heads),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT, shape.epsilon),
        entry("llama.rope.dimension_count", U32, shape.head_size),
        entry("llama.rope.freq_base", FLOAT, shape.rope_base),
        entry("llama.vocab_size", U32, shape.vocabulary),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, "gpt-2"),
        entry("tokenizer.ggml.tokens", ARRAY, vocabulary.tokens, STRING),
        entry("tokenizer.ggml.token_type", ARRAY, vocabulary.types, I32),
        entry("tokenizer.ggml.merges", ARRAY, [" ".join(merge) for merge in vocabulary.merges], STRING),
        entry("tokenizer.ggml.bos_token_id", U32, one["<|endoftext|>"]),
        entry("tokenizer.ggml.eos_token_id", U32, one["<|im_end|>"]),
        entry("tokenizer.ggml.eot_token_id", U32, one["<|im_end|>"]),
        entry("tokenizer.ggml.padding_token_id", U32, one["<|endoftext|>"]),
        entry("tokenizer.ggml.add_bos_token", BOOL, False),
        entry("tokenizer.ggml.add_eos_token", BOOL, False),
        entry("tokenizer.chat_template", STRING, template),
    ]


def write(path, shape, state, vocabulary, template):
    """state: tensor name -> weights; a GGUF tensor carries the very name that the module has in model.py."""
    entries, heads, bodies, offset = metadata(shape, vocabulary, template), [], [], 0
    for name, weight in state.items():
        rows = weight.detach().float().numpy()
        kind, body = (F32, rows.astype("<f4").tobytes()) if rows.ndim == 1 else (Q8_0, quantise(rows))
        sizes = rows.shape[::-1]  # fastest dimension first
        heads.append(text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, offset))
        body += bytes(-len(body) % ALIGNMENT)
        bodies.append(body)
        offset += len(body)
    head = b"GGUF" + struct.pack("<IQQ", 3, len(heads), len(entries)) + b"".join(entries) + b"".join(heads)
    with open(path + ".part", "wb") as file:
        file.write(head + bytes(-len(head) % ALIGNMENT) + b"".join(bodies))
    os.replace(path + ".part", path)


class Reader:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.at = 4
        assert self.data[:4] == b"GGUF"
        version, tensors, entries = self.take("<IQQ")
        assert version == 3
        self.values = {}
        for _ in range(entries):
            key = self.text()
            self.values[key] = self.value(self.take("<I")[0])
        found = []
        for _ in range(tensors):
            name, (count,) = self.text(), self.take("<I")
            found.append((name, self.take(f"<{count}Q")[::-1], *self.take("<IQ")))
        start = self.at + -self.at % self.values.get("general.alignment", ALIGNMENT)
        self.tensors = {name: self.tensor(start + offset, sizes, kind) for name, sizes, kind, offset in found}

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def text(self):
        (length,) = self.take("<Q")
        self.at += length
        return self.data[self.at - length:self.at].decode("utf-8")

    def value(self, kind):
        if kind == STRING:
            return self.text()
        if kind == ARRAY:
            item, count = self.take("<IQ")
            return [self.value(item) for _ in range(count)]
        return self.take("<" + FORMATS[kind])[0]

    def tensor(self, start, sizes, kind):
        count = int(np.prod(sizes))
        if kind == F32:
            return np.frombuffer(self.data, "<f4", count, start).reshape(sizes).copy()
        assert kind == Q8_0
        return dequantise(self.data[start:start + count // BLOCK * (BLOCK + 2)], sizes)


def load(path):
    """The model in float32, its vocabulary and its chat template, all from the file alone."""
    import torch
    from model import Llama, Shape
    reader = Reader(path)
    get = lambda key: reader.values["llama." + key]
    shape = Shape(get("vocab_size"), get("context_length"), get("embedding_length"), get("block_count"), get("attention.head_count"),
                  get("attention.head_count_kv"), get("feed_forward_length"), get("rope.freq_base"),
                  get("attention.layer_norm_rms_epsilon"))
    model = Llama(shape)
    model.load_state_dict({name: torch.from_numpy(weight) for name, weight in reader.tensors.items()})
    vocabulary = Vocabulary([tuple(merge.split(" ")) for merge in reader.values["tokenizer.ggml.merges"]])
    assert vocabulary.tokens == reader.values["tokenizer.ggml.tokens"]
    return model.eval(), vocabulary, reader.values["tokenizer.chat_template"]
