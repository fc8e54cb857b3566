"""The network: a small Llama, written plainly, with exactly the variant of each part that the GGUF file declares.

The architecture name `llama` means, in a GGUF file: RMS norm before each half of a block, rotary positions over
*neighbouring* pairs (x0, x1), (x2, x3), ..., grouped key/value heads, a SwiGLU feed-forward and no biases. The output
matrix is the token embedding again, so the file holds no `output.weight`.
"""
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    vocabulary: int
    context: int = 512
    width: int = 192
    blocks: int = 4
    heads: int = 6
    kv_heads: int = 3
    hidden: int = 512
    rope_base: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head_size(self):
        return self.width // self.heads

    def as_dict(self):
        return asdict(self)


def rotation_table(shape):
    """Complex rotations, one row per position, one column per pair of a head."""
    size = shape.head_size
    speed = shape.rope_base ** (-torch.arange(0, size, 2).double() / size)
    angle = torch.outer(torch.arange(shape.context).double(), speed)
    return torch.polar(torch.ones_like(angle), angle).to(torch.complex64)


def rotate(x, rotation):
    """x: batch, time, heads, head size; neighbouring pairs are seen as one complex number."""
    pairs = torch.view_as_complex(x.float().reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * rotation[:, None, :]).flatten(-2).to(x.dtype)


class RmsNorm(nn.Module):
    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head_size
        self.attn_norm = RmsNorm(shape.width, shape.epsilon)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_v = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = RmsNorm(shape.width, shape.epsilon)
        self.ffn_gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def attend(self, x, rotation, mask, cache):
        shape, (batch, time, _) = self.shape, x.shape
        q = rotate(self.attn_q(x).view(batch, time, shape.heads, -1), rotation).transpose(1, 2)
        k = rotate(self.attn_k(x).view(batch, time, shape.kv_heads, -1), rotation).transpose(1, 2)
        v = self.attn_v(x).view(batch, time, shape.kv_heads, -1).transpose(1, 2)
        if cache is not None:
            k, v = cache.append(self, k, v)
        group = shape.heads // shape.kv_heads
        if group > 1:  # query head h reads key/value head h // group
            k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        scores = (q * shape.head_size ** -0.5) @ k.transpose(-1, -2) + mask
        mixed = torch.softmax(scores, -1) @ v
        return self.attn_output(mixed.transpose(1, 2).reshape(batch, time, -1))

    def forward(self, x, rotation, mask, cache):
        x = x + self.attend(self.attn_norm(x), rotation, mask, cache)
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


class Cache:
    """Keys and values of one sequence (or of several of equal length), for decoding a token at a time."""

    def __init__(self):
        self.held = {}

    def length(self):
        return next(iter(self.held.values()))[0].shape[2] if self.held else 0

    def append(self, block, k, v):
        if block in self.held:
            old_k, old_v = self.held[block]
            k, v = torch.cat((old_k, k), 2), torch.cat((old_v, v), 2)
        self.held[block] = (k, v)
        return k, v


class Llama(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.blocks))
        self.output_norm = RmsNorm(shape.width, shape.epsilon)
        self.register_buffer("rotation", rotation_table(shape), persistent=False)
        self.register_buffer("mask", torch.full((shape.context, shape.context), -1e4).triu(1), persistent=False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, std=0.02)
            if name.endswith(("attn_output.weight", "ffn_down.weight")):
                nn.init.zeros_(weight)

    def states(self, ids, cache=None):
        start = cache.length() if cache is not None else 0
        end = start + ids.shape[1]
        x = self.token_embd(ids)
        for block in self.blk:
            x = block(x, self.rotation[start:end], self.mask[start:end, :end], cache)
        return self.output_norm(x)

    def logits(self, states):
        return F.linear(states, self.token_embd.weight)

    def forward(self, ids, cache=None):
        return self.logits(self.states(ids, cache))

    @torch.no_grad()
    def greedy(self, ids, limit, stop):
        """Greedy continuation of one prompt: the new ids (the stop token not among them) and the smallest margin
        between best and second-best logit on the way."""
        cache, out, margins = Cache(), [], []
        logits = self(torch.tensor([ids]), cache)[0, -1]
        while len(out) < limit and len(ids) + len(out) < self.shape.context:
            best = logits.topk(2)
            token = int(best.indices[0])
            margins.append(float(best.values[0] - best.values[1]))
            if token in stop:
                break
            out.append(token)
            logits = self(torch.tensor([[token]]), cache)[0, -1]
        return out, margins
