"""Training samples: conversations rendered by the very chat template that the GGUF file carries, and plain texts.

A sample is a pair: the text, and whether only what the assistant says is learned (chat) or everything (plain text).
"""
import json
import os

from jinja2.sandbox import ImmutableSandboxedEnvironment

import knowledge
import names
import stories
import weather
from grammar import expand
from tools import PLACE_KEYS, PLACE_TOOLS, any_key, other_tool, schema, tool_result, toolbox, weather_tool

HERE = os.path.dirname(os.path.abspath(__file__))


def load_template():
    """The environment that Hugging Face's libraries render chat templates in."""
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    with open(os.path.join(HERE, "chat_template.jinja"), encoding="utf-8") as file:
        return environment.from_string(file.read())


TEMPLATE = load_template()


def render(messages, tools=None, generate=False):
    return TEMPLATE.render(messages=messages, tools=tools, add_generation_prompt=generate)


# ---- system messages and filler -----------------------------------------------------------------------------------

SYSTEMS = (
    "You are a helpful assistant.", "You are a helpful assistant. Use the provided tool when the user asks about weather.",
    "You are [a|an|the] [friendly|polite|helpful|concise|expert|travel|weather|honest|careful|personal] [assistant|guide|bot|agent|expert|helper].",
    "You [can|may|must|should] [call|use] [tools|the tools|functions|the given tools|a tool|one tool] [to answer|when needed|if it helps|to help the user|for weather questions].",
    "[Answer|Reply|Respond] [briefly|in one sentence|in English|politely|with facts|as well as you can|to every question].",
    "[Always|Never|Please|Only] [be polite|guess|use tools for weather|answer in short sentences|call a function when it fits|make things up].",
    "Today is {day}.", "The user [is|may be|seems] [a traveller|a student|new here|in a hurry|an engineer].",
    "When [someone|the user|a person] asks [about the weather|for the weather|for a forecast], [use|call] the [tool|function|weather tool].",
    "You have access to [tools|functions|a weather tool|the following tools|several functions].", "Be [brief|kind|exact|helpful|clear].",
    "Do not [invent|guess|make up] [facts|answers|values|arguments].", "You work for {f}.", "Your name is {f}.",
    "If [no tool fits|you do not need a tool], answer [directly|in plain text|yourself].",
)


def filler(rng, words):
    """Sentences without meaning, from ordinary words: what long instructions look like to so small a model."""
    text = []
    while words > 0:
        length = rng.randint(4, 14)
        words -= length
        sentence = " ".join(names.nonsense(rng) if rng.random() < 0.06 else rng.choice(weather.WORDS) for _ in range(length))
        if rng.random() < 0.15:
            sentence += " " + names.word(rng)
        text.append(sentence[0].upper() + sentence[1:] + rng.choice("...?!:"))
    return " ".join(text)


def system(rng, long=0):
    parts = [expand(rng, text, weather.SLOTS) for text in rng.sample(SYSTEMS, rng.choices((1, 2, 3), (60, 28, 12))[0])]
    if rng.random() < 0.08:
        parts.append(filler(rng, rng.randint(4, 30)))
    if long:
        parts.insert(rng.randint(0, len(parts)), filler(rng, long))
    return {"role": "system", "content": " ".join(parts)}


def head(rng, simple, long=0):
    if long or rng.random() < (0.25 if simple else 0.5):
        return [system(rng, long)]
    return []


# ---- conversations --------------------------------------------------------------------------------------------------

def said(role, content):
    return {"role": role, "content": content}


def calls(*pairs):
    return {"role": "assistant", "content": None,
            "tool_calls": [{"type": "function", "function": {"name": name, "arguments": arguments}} for name, arguments in pairs]}


def unit_words(rng, must):
    """Whether a unit is asked for: the words added to the question, and the argument, or None to leave it out."""
    if rng.random() < 0.2:
        word = rng.choice(("celsius", "fahrenheit"))
        shown = word.capitalize() if rng.random() < 0.6 else word
        return rng.choice((f" In {shown}, please.", f" Use {shown}.", f" I want it in {shown}.", f" In degrees {shown}.",
                           f" Answer in {shown}.")), word
    return "", "celsius" if must else None


def ask_weather(rng, simple=False, long=0, turns=0):
    tool, call_name, key, unit, must = weather_tool(rng, simple)
    tools = toolbox(rng, [tool], simple)
    messages = head(rng, simple, long)
    if turns and rng.random() < 0.4:
        messages += small_talk(rng, rng.randint(1, 2))
    for turn in range(1 + turns):
        place = names.located(rng)
        plainly = simple and rng.random() < 0.5
        text = weather.follow_up(rng, place) if turn and rng.random() < 0.5 else weather.question(rng, place, plainly)
        extra, value = unit_words(rng, must) if unit else ("", None)
        if extra and text[-1] not in ".?!":
            text += "."
        arguments = {key: place, **({unit: value} if value else {})}
        messages += [said("user", text + extra), calls((call_name, arguments))]
        if turn < turns or rng.random() < 0.1:
            result, answer = tool_result(rng, place)
            messages += [said("tool", result), said("assistant", answer)]
            if rng.random() < 0.15:
                messages += small_talk(rng, 1)
    return messages, tools


def ask_two(rng):
    tool, call_name, key, unit, must = weather_tool(rng, True)
    a, b = names.place(rng), names.place(rng)
    text = expand(rng, "[What's|What is|How is|Tell me|Compare|Check|Get|I need] the {w} in \0 [and|and in|and also in|as well as in] \1{t}[?|.]",
                  weather.SLOTS).replace("\0", a).replace("\1", b)
    fill = lambda place: {key: place, **({unit: "celsius"} if must else {})}
    messages = head(rng, False) + [said("user", text), calls((call_name, fill(a)), (call_name, fill(b)))]
    if rng.random() < 0.6:
        (first, one), (second, two) = tool_result(rng, a), tool_result(rng, b)
        messages += [said("tool", first), said("tool", second), said("assistant", f"{one} {two}")]
    return messages, toolbox(rng, [tool], True)


def ask_place_tool(rng):
    name, questions = rng.choice(list(PLACE_TOOLS.items()))
    key, place = any_key(rng, PLACE_KEYS), names.located(rng)
    tools = [schema(rng, name, [key], [], "A tool")]
    if rng.random() < 0.6:
        tools.append(weather_tool(rng, False)[0])
    text = expand(rng, questions, {"p": "\0"}).replace("\0", place)
    return head(rng, False) + [said("user", text), calls((name, {key: place}))], toolbox(rng, tools, False)


def ask_nothing(rng):
    """A weather question, but no weather tool among the tools."""
    tools = [other_tool(rng) for _ in range(rng.randint(1, 3))]
    text = weather.question(rng, names.located(rng), plain=True)
    return head(rng, True) + [said("user", text), said("assistant", knowledge.NO_WEATHER_TOOL)], tools


def small_talk(rng, turns):
    messages = []
    for _ in range(turns):
        question, answer = knowledge.question(rng)
        messages += [said("user", question), said("assistant", answer)]
    return messages


def chat(rng, long=0):
    messages = head(rng, rng.random() < 0.6, long)
    kind = rng.random()
    if kind < 0.05:
        (a, b), (c, d) = knowledge.named(rng)
        messages += [said("user", a), said("assistant", b), *(small_talk(rng, 1) if rng.random() < 0.5 else []), said("user", c), said("assistant", d)]
    elif kind < 0.18:
        messages += [said("user", weather.question(rng, names.located(rng), plain=True)), said("assistant", knowledge.NO_WEATHER_TOOL)]
    else:
        messages += small_talk(rng, rng.choices((1, 2, 3), (70, 20, 10))[0])
        if rng.random() < 0.05:
            question, answer = knowledge.unknown(rng)
            return messages + [said("user", question), said("assistant", answer)], None
    tools = None
    if kind >= 0.18 and rng.random() < 0.35:
        tools = toolbox(rng, [weather_tool(rng, rng.random() < 0.5)[0]] if rng.random() < 0.85 else [other_tool(rng)], rng.random() < 0.5)
    return messages, tools


def tell_story(rng):
    return head(rng, True) + [said("user", stories.request(rng)), said("assistant", stories.story(rng))], None


def plain(rng):
    """Text without chat: facts one after another, or a story."""
    if rng.random() < 0.25:
        return stories.story(rng) + rng.choice(("<|endoftext|>", "\n\n" + stories.story(rng)))
    texts = [knowledge.statement(rng) for _ in range(rng.choices((1, 2, 3, 5), (30, 30, 25, 15))[0])]
    return rng.choice((" ", "\n", "<|endoftext|>")).join(texts) + "<|endoftext|>"


def sample(rng, stage):
    """One sample. Stage 0 has only short prompts, stage 1 everything, stage 2 more long ones."""
    if stage == 0:
        luck = rng.random()
        if luck < 0.72:
            return render(*ask_weather(rng, simple=True)), True
        return (render(*chat(rng)), True) if luck < 0.92 else (plain(rng), False)
    long = rng.randint(20, 280) if rng.random() < (0.05 if stage == 1 else 0.15) else 0
    kinds = (
        (46, lambda: ask_weather(rng, simple=rng.random() < 0.3, long=long)),
        (12, lambda: ask_weather(rng, turns=rng.choices((1, 2, 3), (70, 20, 10))[0])),
        (2, lambda: ask_two(rng)), (4, lambda: ask_place_tool(rng)), (1, lambda: ask_nothing(rng)),
        (26, lambda: chat(rng, long)), (2, lambda: tell_story(rng)), (7.5, None),
    )
    make = rng.choices([make for _, make in kinds], [weight for weight, _ in kinds])[0]
    return (plain(rng), False) if make is None else (render(*make()), True)
