"""Says which of the phrasings in a file the training grammar can produce word for word.

    python3 check_unseen.py FILE [SAMPLES]

FILE holds one phrasing a line with `{city}` for the place. The training program never reads such a file; this check does, on its own.
"""
import random
import re
import sys

import weather


def normal(text):
    return re.sub(r"\W+", " ", text.lower()).strip()


def main():
    phrasings = {normal(line.replace("{city}", "zzzz")): line.strip() for line in open(sys.argv[1], encoding="utf-8") if line.strip()}
    samples = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    rng = random.Random(7)
    seen = {}
    for _ in range(samples):
        text = normal(weather.question(rng, "zzzz"))
        if text in phrasings:
            seen[phrasings[text]] = seen.get(phrasings[text], 0) + 1
    for phrasing, count in sorted(seen.items()):
        print(f"{count} of {samples} training questions read: {phrasing}")
    print(f"{len(seen)} of {len(phrasings)} phrasings occur among {samples} training questions")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main())
