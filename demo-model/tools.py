"""Tools as a client would define them, and what a weather tool sends back. All of it is made up."""
import json

import names
import weather

# What stands between these marks, a space before it included, is learned letter by letter even where the tokenizer has a
# token for it. So the model can copy a word out of JSON, where no space precedes it and it is spelled.
SPELL, PLAIN = "\ue000", "\ue001"

WEATHER_NAMES = ("get_weather", "get_weather", "get_weather", "get_weather", "get_current_weather", "weather", "get_forecast",
                 "getWeather", "fetch_weather", "current_weather", "check_weather", "weather_lookup", "get_weather_forecast",
                 "get_weather_by_city", "lookup_weather", "weather_tool", "query_weather", "get_local_weather")
PLACE_KEYS = ("location", "location", "location", "location", "city", "city", "place", "town", "address", "area", "where", "loc",
              "city_name", "location_name", "query", "q", "name", "destination", "region", "position", "place_name", "cityName")
UNIT_KEYS = ("unit", "units", "format", "temperature_unit", "scale")
EXTRA_KEYS = ("days", "date", "lang", "language", "detail", "country", "verbose", "hours", "time", "day", "country_code", "state",
              "include_forecast", "hourly", "timezone", "when")
OTHER_NAMES = ("search", "search_web", "web_search", "calculate", "calculator", "send_email", "get_stock_price", "translate",
               "read_file", "write_file", "list_files", "run_code", "add", "get_user", "create_event", "set_timer", "open_url",
               "book_flight", "play_music", "get_exchange_rate", "query_database", "send_message", "generate_image", "set_alarm")
OTHER_KEYS = ("query", "expression", "to", "subject", "body", "symbol", "text", "path", "code", "a", "b", "id", "title", "url",
              "from", "date", "amount", "currency", "limit", "prompt", "minutes", "message", "user_id", "language", "input")
# Other tools that take a place: name, questions.
PLACE_TOOLS = {
    "get_time": "[What time is it|What is the time|What's the local time|Tell me the time|What is the local time|The time|How late is it] in {p}[?|?||.]",
    "find_hotels": "[Find|Show|List|Book|I need|Search] [|me ][a hotel|hotels|a room|a cheap hotel] in {p}[.|, please.|?|]",
    "get_news": "[What is|Tell me|Show me|Give me|Read me|Any] [|the |the latest ]news [from|in|about] {p}[?|.|]",
    "get_population": "[How many people live in|What is the population of|Tell me the population of|How big is the population of] {p}[?|.]",
    "find_restaurants": "[Find|Show|I want|Where are|Recommend] [|me ][a restaurant|good restaurants|restaurants|a place to eat] in {p}[.|?|]",
}


def schema(rng, name, required, optional, text):
    properties = {key: {"type": "string", "description": text} for key in required + optional}
    shuffled = list(properties.items())
    rng.shuffle(shuffled)
    parameters = {"type": "object", "properties": dict(shuffled)}
    if required:
        parameters["required"] = required
    return {"type": "function", "function": {"name": name, "description": text, "parameters": parameters}}


def any_key(rng, known):
    return rng.choice(known) if rng.random() < 0.78 else names.identifier(rng)


def weather_tool(rng, simple):
    """The tool, its name, the key of the place, and the unit key with whether it is required."""
    name = "get_weather" if simple or rng.random() < 0.4 else rng.choice(WEATHER_NAMES)
    if not simple and rng.random() < 0.08:
        name = rng.choice((f"{names.nonsense(rng)}_weather", f"weather_{names.nonsense(rng)}", f"get_{names.nonsense(rng)}_weather"))
    key = "location" if rng.random() < (0.6 if simple else 0.3) else any_key(rng, PLACE_KEYS)
    required, optional, unit, must = [key], [], None, False
    if rng.random() < 0.33:
        unit, must = rng.choice(UNIT_KEYS), rng.random() < 0.15
        (required if must else optional).append(unit)
    if rng.random() < 0.15:
        optional += rng.sample(EXTRA_KEYS, rng.randint(1, 3))
    optional = [other for other in dict.fromkeys(optional) if other != key]
    if len(required) == 1 and not unit and rng.random() < 0.06:
        required = []  # nothing marked as required: the only or first place-like key is meant
        optional = [key] + optional if key in PLACE_KEYS else [key]
    return schema(rng, name, required, optional, "Get the weather"), name, key, unit, must


def other_tool(rng):
    name = rng.choice(OTHER_NAMES) if rng.random() < 0.7 else names.identifier(rng)
    keys = list(dict.fromkeys(any_key(rng, OTHER_KEYS) for _ in range(rng.randint(0, 3))))
    cut = rng.randint(0, len(keys))
    return schema(rng, name, keys[:cut], keys[cut:], "A tool")


def toolbox(rng, tools, simple):
    """The wanted tools among others, in any order."""
    tools = list(tools)
    if not simple and rng.random() < 0.38:
        tools += [other_tool(rng) for _ in range(rng.choices((1, 2, 3), (55, 30, 15))[0])]
    rng.shuffle(tools)
    return tools


CONDITIONS = ("sunny", "cloudy", "rainy", "windy", "clear", "foggy", "snowy", "partly cloudy", "overcast", "stormy", "hot", "cold", "dry",
              "light rain", "heavy rain", "mostly sunny", "humid", "mild", "freezing", "warm")


def spelled(words):
    return f"{SPELL} {words.split(' ')[0]}{PLAIN}" + "".join(f" {word}" for word in words.split(" ")[1:])


def tool_result(rng, name):
    """What a weather tool may send back, and the sentence to make of it."""
    degrees, sky, kind = rng.randint(-15, 42), rng.choice(CONDITIONS), rng.random()
    if rng.random() < 0.15:
        degrees = round(degrees + rng.random(), 1)
    if rng.random() < 0.3:
        sky = names.nonsense(rng)
    elif rng.random() < 0.3:
        sky = " ".join(rng.choice(weather.WORDS) for _ in range(rng.choice((1, 1, 2, 2, 3))))
    if kind < 0.5:
        data = {rng.choice(("temperature", "temp", "temperature_c", "temp_c", "degrees", "value")): degrees,
                rng.choice(("condition", "conditions", "description", "summary", "weather", "sky", "forecast", "status")): sky}
        if rng.random() < 0.6:
            data[rng.choice(("location", "city", "place", "name"))] = name
        if rng.random() < 0.5:
            data[rng.choice(("unit", "units"))] = rng.choice(("celsius", "C", "fahrenheit", "metric"))
        if rng.random() < 0.25:
            data[rng.choice(("humidity", "wind", "wind_speed", "pressure"))] = rng.randint(1, 99)
        pairs = list(data.items())
        answer = f"It is {degrees} degrees and{spelled(sky)} in {name}."
        if rng.random() < 0.12:  # no word about the sky
            del pairs[1]
            answer = f"It is {degrees} degrees in {name}."
        rng.shuffle(pairs)
        tight = (",", ":") if rng.random() < 0.3 else None
        if rng.random() < 0.15:
            pairs = [(key, str(value)) for key, value in pairs]
        return json.dumps(dict(pairs), ensure_ascii=False, separators=tight), answer
    if kind < 0.8:
        text = rng.choice((f"{degrees} degrees and {sky}", f"{sky}, {degrees} degrees", f"{degrees} degrees, {sky}", f"{sky} and {degrees} degrees",
                           f"{sky.capitalize()}, {degrees}°C", f"{degrees}°C, {sky}", f"{degrees} °C and {sky}", f"{degrees} C {sky}"))
        if rng.random() < 0.4:
            text = rng.choice((f"{name}: ", f"It is ", f"Weather in {name}: ", f"In {name} it is ")) + text + rng.choice(("", "."))
        shown = f" {sky}" if f" {sky}" in text else spelled(sky)
        return text, f"It is {degrees} degrees and{shown} in {name}."
    if kind < 0.9:
        text = rng.choice((sky, sky.capitalize(), f"{sky}.", f"It is {sky}."))
        return text, f"It is{f' {sky}' if text[:2] == 'It' else spelled(sky)} in {name}."
    problem = rng.choice(("not found", "unknown place", "no data", "timeout", "service unavailable", "error 500"))
    return rng.choice((f"error: {problem}", json.dumps({"error": problem}), f"Error: {problem}")), f"I could not get the weather for {name}: {problem}."
