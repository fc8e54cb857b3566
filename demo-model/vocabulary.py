"""The tokenizer: byte-level BPE as GPT-2 does it, with one peculiarity in the choice of merges.

Every merge extends a prefix that starts with a space and goes on in lower-case letters: ` w`, ` we`, ` wea`, ...
` weather`. So an ordinary word inside a sentence is one token, while everything that starts with a capital letter, a
digit, a quote or a non-ASCII letter is spelled byte by byte. A name looks the same after a space in a question and
after a quote in JSON, which is what lets a very small model copy names that it never saw.
"""
import json
from collections import Counter
from functools import lru_cache

import regex

# What `tokenizer.ggml.pre` = "gpt-2" stands for.
PRE_TOKENIZER = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")

CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
USER_DEFINED = (
    "<tools>", "</tools>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
    '{"name": "', '", "arguments": {"', '": "', '"}}',
)
NORMAL_TYPE, CONTROL_TYPE, USER_DEFINED_TYPE = 1, 3, 4


def byte_letters():
    """GPT-2's table: each byte as one printable character."""
    plain = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    table, extra = {byte: chr(byte) for byte in plain}, 0
    for byte in range(256):
        if byte not in table:
            table[byte] = chr(256 + extra)
            extra += 1
    return table


BYTE_TO_LETTER = byte_letters()
LETTER_TO_BYTE = {letter: byte for byte, letter in BYTE_TO_LETTER.items()}
SPACE = BYTE_TO_LETTER[ord(" ")]


def choose_merges(texts, words):
    """Merges for the `words` most frequent lower-case words that follow a space, each as a chain of prefixes."""
    counts = Counter()
    for text in texts:
        counts.update(regex.findall(r"(?<= )[a-z]{2,}(?![\p{L}\p{N}_])", text))
    common = sorted(counts, key=lambda word: (-counts[word], word))[:words]
    chains = {SPACE + word[:end] for word in common for end in range(1, len(word) + 1)}
    return [(chain[:-1], chain[-1]) for chain in sorted(chains, key=lambda c: (len(c), c))]


class Vocabulary:
    def __init__(self, merges):
        self.merges = [tuple(merge) for merge in merges]
        self.rank = {merge: rank for rank, merge in enumerate(self.merges)}
        normal = [BYTE_TO_LETTER[byte] for byte in range(256)] + ["".join(merge) for merge in self.merges]
        self.tokens = normal + list(CONTROL) + list(USER_DEFINED)
        self.types = ([NORMAL_TYPE] * len(normal) + [CONTROL_TYPE] * len(CONTROL)
                      + [USER_DEFINED_TYPE] * len(USER_DEFINED))
        self.id = {token: number for number, token in enumerate(self.tokens)}
        longest_first = sorted(CONTROL + USER_DEFINED, key=len, reverse=True)
        self.special = regex.compile("(" + "|".join(map(regex.escape, longest_first)) + ")")
        self.bpe = lru_cache(maxsize=200_000)(self.bpe)

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.merges, file, ensure_ascii=False)

    def bpe(self, word):
        """Joins the pair of lowest rank, leftmost first, until no pair has a rank."""
        parts = [BYTE_TO_LETTER[byte] for byte in word.encode("utf-8")]
        while len(parts) > 1:
            rank, at = min((self.rank.get(pair, 1 << 30), at) for at, pair in enumerate(zip(parts, parts[1:])))
            if rank == 1 << 30:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        return [self.id[part] for part in parts]

    def encode(self, text):
        ids = []
        for piece in self.special.split(text):
            if self.special.fullmatch(piece):
                ids.append(self.id[piece])
            else:
                for word in PRE_TOKENIZER.findall(piece):
                    ids.extend(self.bpe(word))
        return ids

    def spell(self, text):
        """One token a byte: for training only, no tokenizer would give this."""
        return [self.id[BYTE_TO_LETTER[byte]] for byte in text.encode("utf-8")]

    def decode(self, ids):
        data = bytearray()
        for number in ids:
            token = self.tokens[number]
            if self.types[number] == NORMAL_TYPE:
                data.extend(LETTER_TO_BYTE[letter] for letter in token)
            else:
                data.extend(token.encode("utf-8"))
        return data.decode("utf-8", errors="replace")
