"""Trains the demo model and writes it as GGUF.

    nice -n 5 /usr/bin/python3 train.py --steps 6000 --out slipway-demo.gguf

Same seed, same steps, same machine: same file, as far as torch's threads add up in the same order.
"""
import argparse
import os
import random
import re
import sys
import time

# Tensors come and go by the thousand: keep their memory instead of giving it back to the system after each step. Read by
# the C library when a process starts, so this program starts itself once more.
MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(1 << 32), "MALLOC_TRIM_THRESHOLD_": str(1 << 34),
          "MALLOC_TOP_PAD_": str(1 << 28)}
if __name__ == "__main__" and "MALLOC_ARENA_MAX" not in os.environ:
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MEMORY})

import torch
from torch import multiprocessing
from torch.nn import functional as F

import corpus
import gguf
import tools
from model import Llama, Shape
from vocabulary import Vocabulary, choose_merges

SEED, WORDS, WORKERS = 20, 950, 2
CHUNK, BATCH_TOKENS = 512, 2560  # samples drawn at a time; tokens of one worker's part of a step


def build_vocabulary(seed):
    rng = random.Random(seed)
    return Vocabulary(choose_merges((re.sub(f"[{tools.SPELL}{tools.PLAIN}]", "", corpus.sample(rng, 1)[0]) for _ in range(12_000)), WORDS))


def targets(vocabulary, ids, chat):
    """Which tokens are learned: all of a plain text, of a chat only what the assistant says, its end included."""
    if not chat:
        return [True] * len(ids)
    start = [vocabulary.id["<|im_start|>"], *vocabulary.encode("assistant\n")]
    end, learned, at = vocabulary.id["<|im_end|>"], [False] * len(ids), 0
    while at < len(ids):
        if ids[at:at + len(start)] == start:
            at += len(start)
            while at < len(ids):
                learned[at] = True
                at += 1
                if ids[at - 1] == end:
                    break
        else:
            at += 1
    return learned


def encode(vocabulary, text):
    """As the tokenizer does, but for the words that are marked as spelled."""
    ids = []
    for at, piece in enumerate(re.split(f"[{tools.SPELL}{tools.PLAIN}]", text)):
        ids += vocabulary.spell(piece) if at % 2 else vocabulary.encode(piece)
    return ids


def steps_of(vocabulary, context, stage, seed):
    """A chunk of samples as steps; each step has a batch for each worker, all of similar length, padded on the right."""
    rng, rows = random.Random(seed), []
    for _ in range(CHUNK):
        text, chat = corpus.sample(rng, stage)
        ids = encode(vocabulary, text)
        if len(ids) > context and chat and "<tools>" in text:
            continue
        rows.append((ids[:context], targets(vocabulary, ids, chat)[:context]))
    rows.sort(key=lambda row: len(row[0]))
    groups, group = [], []
    for row in rows:
        if group and (len(group) + 1) * len(row[0]) > BATCH_TOKENS:
            groups.append(group)
            group = []
        group.append(row)
    steps = [groups[at:at + WORKERS] for at in range(0, len(groups) - WORKERS + 1, WORKERS)]
    rng.shuffle(steps)
    return steps


def padded(group):
    longest = max(len(ids) for ids, _ in group)
    fill = lambda rows, value: torch.tensor([row + [value] * (longest - len(row)) for row in rows])
    return fill([ids for ids, _ in group], 0), fill([learned for _, learned in group], False)


class Muon(torch.optim.Optimizer):
    """Momentum whose step is made orthogonal by Newton-Schulz iterations: learns matrices in fewer steps than Adam.
    Matrices of one shape are worked on together."""

    def __init__(self, parameters, lr, momentum=0.95):
        super().__init__(list(parameters), {"lr": lr, "momentum": momentum})

    @staticmethod
    def orthogonal(g):
        tall = g.shape[1] > g.shape[2]
        x = (g.transpose(1, 2) if tall else g).contiguous()
        x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).bfloat16()
        for _ in range(5):
            a = x @ x.transpose(1, 2).contiguous()
            x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
        x = x.float()
        return x.transpose(1, 2) if tall else x

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            shapes = {}
            for weight in group["params"]:
                shapes.setdefault(weight.shape, []).append(weight)
            for shape, weights in shapes.items():
                gradients = torch.stack([weight.grad for weight in weights])
                held = self.state[weights[0]].setdefault("momentum", torch.zeros_like(gradients))
                held.lerp_(gradients, 1 - group["momentum"])
                updates = self.orthogonal(gradients.lerp(held, group["momentum"]))
                for weight, update in zip(weights, updates):
                    weight.mul_(1 - 0.02 * group["lr"])
                    weight.add_(update, alpha=-group["lr"] * max(1, shape[0] / shape[1]) ** 0.5)


def speed(step, steps, hold):
    """Warm up, hold for a share of the steps, then fall in a straight line to a fiftieth."""
    return min(1.0, (step + 1) / 60, 0.02 + 0.98 * (steps - step) / ((1 - hold) * steps))


def stage_of(step, steps, started):
    return 0 if step < 0.12 * steps and not started else 1 if step < 0.6 * steps else 2


def work(rank, given, model, gradients, vocabulary, barrier):
    """One of the workers. All hold the same weights and work on their own part of every step; then each adds up the
    gradients of all for its own share of the weights and updates those."""
    torch.set_num_threads(1)
    named, steps = list(model.named_parameters()), given.steps
    is_matrix = lambda name: name.startswith("blk.") and "norm" not in name
    matrices = [w for name, w in named if is_matrix(name) and int(name.split(".")[1]) % WORKERS == rank]
    others = [w for name, w in named if not is_matrix(name)] if rank == 0 else []
    optimizers = [(Muon(matrices, given.matrix_rate), given.matrix_rate)]
    if others:
        optimizers.append((torch.optim.AdamW(others, given.rate, betas=(0.9, 0.98), weight_decay=0.0), given.rate))
    mine = [at for at, (_, weight) in enumerate(named) if any(weight is own for own in matrices + others)]
    began, seen, losses, queue, drawn = time.time(), 0, [], [], 0
    for step in range(given.stop_after or steps):
        if not queue:
            drawn += 1
            queue = steps_of(vocabulary, model.shape.context, stage_of(step, steps, given.start), given.seed * 1_000_000 + drawn)
        ids, learned = padded(queue.pop()[rank])
        wanted = learned[:, 1:].flatten()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model.logits(model.states(ids[:, :-1]).flatten(0, 1)[wanted])
        loss = F.cross_entropy(logits.float(), ids[:, 1:].flatten()[wanted])
        for _, weight in named:
            weight.grad = None
        loss.backward()
        for (_, weight), shared in zip(named, gradients[rank]):
            shared.copy_(weight.grad)
        barrier.wait()
        for at in mine:
            named[at][1].grad = sum(part[at] for part in gradients) / WORKERS
        if others:
            torch.nn.utils.clip_grad_norm_(others, 1.0)
        for optimizer, rate in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate * speed(step, steps, given.hold)
            optimizer.step()
        barrier.wait()
        seen += ids.numel() * WORKERS
        losses.append(loss.item())
        if rank == 0 and (step + 1) % 100 == 0:
            print(f"step {step + 1} loss {sum(losses[-100:]) / 100:.3f} {seen / 1e6:.1f} M tokens "
                  f"{(time.time() - began) / 60:.1f} min", flush=True)
        if rank == 0 and (step + 1) % given.export_every == 0:
            save(given.out, model, vocabulary)
    if rank == 0:
        save(given.out, model, vocabulary)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--steps", type=int, default=6000)
    arguments.add_argument("--out", default="slipway-demo.gguf")
    arguments.add_argument("--seed", type=int, default=SEED)
    arguments.add_argument("--start", help="a GGUF file of this program to go on from, instead of random weights")
    arguments.add_argument("--matrix-rate", type=float, default=0.02)
    arguments.add_argument("--rate", type=float, default=0.004)
    arguments.add_argument("--hold", type=float, default=0.5, help="share of the steps before the rate falls")
    arguments.add_argument("--export-every", type=int, default=500)
    arguments.add_argument("--stop-after", type=int, default=0, help="end early, for trials")
    given = arguments.parse_args()

    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    if given.start:
        model, vocabulary, _ = gguf.load(given.start)
    else:
        vocabulary = build_vocabulary(given.seed)
        model = Llama(Shape(len(vocabulary.tokens), width=256, heads=8, kv_heads=4, hidden=640, blocks=4))
    model.share_memory()
    print(f"{sum(w.numel() for w in model.parameters())} parameters, {len(vocabulary.tokens)} tokens", flush=True)
    gradients = [[torch.zeros_like(w).share_memory_() for w in model.parameters()] for _ in range(WORKERS)]
    barrier = multiprocessing.get_context("fork").Barrier(WORKERS)
    multiprocessing.start_processes(work, (given, model, gradients, vocabulary, barrier), WORKERS, start_method="fork")


def save(path, model, vocabulary):
    with open(os.path.join(corpus.HERE, "chat_template.jinja"), encoding="utf-8") as file:
        gguf.write(path, model.shape, model.state_dict(), vocabulary, file.read())


if __name__ == "__main__":
    main()
