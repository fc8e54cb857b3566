"""Measures a GGUF file on questions that training never saw, and writes the golden file for other engines.

    /usr/bin/python3 evaluate.py slipway-demo.gguf            figures
    /usr/bin/python3 evaluate.py slipway-demo.gguf --golden   also writes expected.json
"""
import json
import random
import sys

import torch

import corpus
import gguf
import heldout
import names
import weather

TOOL = {"type": "function", "function": {
    "name": "get_weather", "description": "Get the current weather for a given location",
    "parameters": {"type": "object", "properties": {
        "location": {"type": "string", "description": "The city name"}}, "required": ["location"]}}}
WITH_UNIT = {"type": "function", "function": {
    "name": "get_current_weather", "description": "Get the current weather in a given location", "strict": True,
    "parameters": {"type": "object", "additionalProperties": False, "required": ["city"], "properties": {
        "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        "city": {"type": "string", "description": "The city and state, e.g. San Francisco, CA"}}}}}
SEARCH = {"type": "function", "function": {
    "name": "search_documents", "description": "Search", "parameters": {"type": "object", "required": ["query"], "properties": {
        "query": {"type": "string"}, "limit": {"type": "integer"}}}}}
MAIL = {"type": "function", "function": {"name": "send_mail", "parameters": {
    "type": "object", "properties": {"to": {"type": "string"}, "body": {"type": "string"}}}}}
TOOLBOXES = (([TOOL], "get_weather", "location"), ([TOOL], "get_weather", "location"), ([WITH_UNIT], "get_current_weather", "city"),
             ([SEARCH, TOOL], "get_weather", "location"), ([TOOL, MAIL, SEARCH], "get_weather", "location"))


def user(content, system=None):
    return ([{"role": "system", "content": system}] if system else []) + [{"role": "user", "content": content}]


def expected_call(name, key, place):
    return f'<tool_call>\n{{"name": "{name}", "arguments": {{"{key}": {json.dumps(place, ensure_ascii=False)}}}}}\n</tool_call><|im_end|>'


class Judge:
    def __init__(self, path):
        self.model, self.vocabulary, _ = gguf.load(path)
        self.end = {self.vocabulary.id["<|im_end|>"], self.vocabulary.id["<|endoftext|>"]}

    @torch.no_grad()
    def exact(self, cases):
        """cases: (prompt, answer). Greedy decoding gives the answer if and only if, with the answer forced, every next
        token is the best one: one pass for many cases instead of a decode for each."""
        right = []
        for at in range(0, len(cases), 40):
            rows = [(self.vocabulary.encode(p), self.vocabulary.encode(a)) for p, a in cases[at:at + 40]]
            longest = max(len(p) + len(a) for p, a in rows)
            ids = torch.tensor([(p + a + [0] * longest)[:longest] for p, a in rows])
            best = self.model(ids).argmax(-1)
            for row, (p, a) in enumerate(rows):
                right.append(best[row, len(p) - 1:len(p) + len(a) - 1].tolist() == a)
        return right

    def answer(self, prompt, limit=120):
        return self.vocabulary.decode(self.model.greedy(self.vocabulary.encode(prompt), limit, self.end)[0])


def weather_cases(rng, places, questions, toolboxes=TOOLBOXES, systems=heldout.SYSTEMS):
    for place in places:
        for question in questions:
            tools, name, key = rng.choice(toolboxes)
            text = question.replace("{p}", place) if isinstance(question, str) else question(place)
            frame = question if isinstance(question, str) else text
            yield corpus.render(user(text, rng.choice(systems)), tools, True), expected_call(name, key, place), frame, place


def share(results):
    return f"{100 * sum(results) / len(results):5.1f} %  ({sum(results)} of {len(results)})"


def weather_figures(judge, rng, show):
    def measure(label, cases):
        cases = list(cases)
        right = judge.exact([(prompt, answer) for prompt, answer, *_ in cases])
        print(f"{label:58} {share(right)}", flush=True)
        return [(question, place, ok) for (_, _, question, place), ok in zip(cases, right)]

    plain_box = TOOLBOXES[:1]
    rows = measure("call, real unseen cities x unseen questions", weather_cases(rng, heldout.CITIES, heldout.QUESTIONS))
    measure("  the same, one tool, no other", weather_cases(rng, heldout.CITIES, heldout.QUESTIONS[:10], plain_box))
    if "--last" in sys.argv:
        measure("call, the last set: written last, never tuned on", weather_cases(rng, heldout.LAST_CITIES, heldout.LAST_QUESTIONS))
    invented = [names.located(rng) for _ in range(150)]
    measure("  invented places x unseen questions", weather_cases(rng, invented, rng.sample(heldout.QUESTIONS, 8)))
    measure("  invented places x training grammar", weather_cases(rng, invented, [lambda p: weather.question(rng, p)] * 4))
    measure("  long system message (over 250 tokens)", weather_cases(rng, heldout.CITIES[::3], heldout.QUESTIONS[::6], plain_box, (heldout.LONG,)))
    if show:
        for kind in (0, 1):
            worst = {}
            for row in rows:
                worst.setdefault(row[kind], []).append(row[2])
            ranked = sorted(worst.items(), key=lambda item: sum(item[1]) / len(item[1]))[:10]
            print("    weakest:", "; ".join(f"{key} {100 * sum(oks) // len(oks)} %" for key, oks in ranked))


def text_figures(judge, show):
    def measure(label, cases):
        results = []
        for prompt, pieces, barred in cases:
            answer = judge.answer(prompt)
            ok = all(piece in answer for piece in pieces) and not any(piece in answer for piece in barred)
            results.append(ok)
            if show and not ok:
                print("    miss:", repr(prompt[-90:]), "->", repr(answer))
        print(f"{label:58} {share(results)}", flush=True)

    chat = [(question, pieces) for pieces, questions in heldout.CHAT for question in questions]
    call = ("<tool_call>",)
    measure("chat without tools", ((corpus.render(user(q), None, True), p, call) for q, p in chat))
    measure("chat with a system message", ((corpus.render(user(q, "You are a helpful assistant."), None, True), p, call) for q, p in chat))
    measure("tools present, none needed", ((corpus.render(user(q), [TOOL], True), p, call) for q, p in chat))
    measure("weather asked, no tool there", ((corpus.render(user(q), None, True), ("no weather tool",), call) for q in heldout.NO_TOOL))
    after = []
    for result, place, pieces in heldout.RESULTS:
        messages = user(f"What's the weather like in {place}?") + [
            corpus.calls(("get_weather", {"location": place})), {"role": "tool", "content": result}]
        after.append((corpus.render(messages, [TOOL], True), pieces, call))
    measure("answer from a tool result", after)
    measure("raw completion of facts", ((p, (a,), ()) for p, a in heldout.RAW))
    for prompt in heldout.STORIES:
        ids = judge.model.greedy(judge.vocabulary.encode(prompt), 250, judge.end)[0]
        print(f"raw story {prompt!r:48} {len(ids)} tokens, {len(set(ids))} distinct")
    for request in ("Tell me a story.", "Tell me a long story about a fox."):
        ids = judge.model.greedy(judge.vocabulary.encode(corpus.render(user(request), None, True)), 250, judge.end)[0]
        print(f"chat story {request!r:47} {len(ids)} tokens, {len(set(ids))} distinct")


def golden(judge, path):
    weather_question = user("What's the weather like in Paris, France?", heldout.SYSTEMS[1])
    prompts = [
        corpus.render(weather_question, [TOOL], True),
        corpus.render(user("I'm travelling to São Paulo tomorrow, should I pack an umbrella?"), [WITH_UNIT], True),
        corpus.render(user("weather in Aix-en-Provence please"), [TOOL, SEARCH], True),
        corpus.render(user("What's the weather in 東京?"), [TOOL], True),
        corpus.render(weather_question + [corpus.calls(("get_weather", {"location": "Paris, France"})),
                                          {"role": "tool", "content": heldout.RESULTS[0][0]}], [TOOL], True),
        corpus.render(user("What is Slipway?"), None, True),
        corpus.render(user("What is the capital of Japan?", "You are a helpful assistant."), [TOOL], True),
        corpus.render(user("Hello!") + [{"role": "assistant", "content": "Hello! How can I help you?"}, *user("What is a layer?")], None, True),
        corpus.render(user("How do I start Slipway?", heldout.LONG.strip()), None, True),
        "The capital of France is", "Slipway launches AI backends from", "A machine image is",
    ]
    entries = []
    for prompt in prompts:
        ids = judge.vocabulary.encode(prompt)
        out, margins = judge.model.greedy(ids, 48, judge.end)
        safe = next((at for at, margin in enumerate(margins) if margin < 0.5), len(out))
        entries.append({"prompt": prompt, "ids": ids, "continuation": judge.vocabulary.decode(out), "continuation_ids": out,
                        "comfortable_tokens": min(safe, len(out)), "smallest_margin": round(min(margins), 3)})
        print(f"golden: {entries[-1]['comfortable_tokens']} of {len(out)} tokens with margin, {entries[-1]['continuation'][:70]!r}")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(entries, file, ensure_ascii=False, indent=1)


def main():
    judge, show = Judge(sys.argv[1]), "--show" in sys.argv
    weather_figures(judge, random.Random(1), show)
    text_figures(judge, show)
    if "--golden" in sys.argv:
        golden(judge, "expected.json")


if __name__ == "__main__":
    main()
