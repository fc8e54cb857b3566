"""A few lines of grammar: `[a|b|]` chooses, `{name}` is filled from a dictionary. Both nest."""
import re

CHOICE = re.compile(r"\[([^\[\]]*)\]")
SLOT = re.compile(r"\{(\w+)\}")


def expand(rng, text, slots=None):
    """Slots may hold strings, lists to choose from, or functions of the random source."""
    def fill(match):
        value = slots[match.group(1)]
        if callable(value):
            return value(rng)
        return expand(rng, value if isinstance(value, str) else rng.choice(value), slots)

    while CHOICE.search(text):
        text = CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), text)
    return SLOT.sub(fill, text) if slots else text
