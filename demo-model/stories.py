"""Little stories that go on for a while: fixed stages, many ways through each, so that greedy decoding moves on."""
from grammar import expand

import names

SLOTS = {
    "animal": ["fox", "bear", "mouse", "rabbit", "bird", "cat", "dog", "duck", "frog", "owl", "horse", "snail", "turtle", "goat"],
    "adj": ["little", "small", "brave", "kind", "clever", "young", "old", "curious", "happy", "quiet"],
    "spot": ["forest", "village", "valley", "garden", "harbour", "town", "meadow", "castle", "cave", "farm"],
    "near": ["by the river", "near the sea", "at the foot of a hill", "under a tall tree", "behind the mountains", "by a lake"],
    "thing": ["lamp", "key", "boat", "bell", "map", "book", "stone", "ring", "box", "drum", "kite", "clock"],
    "shade": ["red", "blue", "golden", "green", "silver", "white"],
    "food": ["bread", "soup", "apples", "honey", "cake", "berries", "cheese"],
    "weather": ["the sun was shining", "it was raining", "the wind was blowing", "snow was falling", "the sky was grey"],
    "feel": ["happy", "tired", "proud", "glad", "surprised", "excited"],
}
STAGES = """
Once upon a time there [was|lived] a {adj} {animal} [named|called] {hero}.|There was once a {adj} {animal} [named|called] {hero}.|Long ago there lived a {adj} {animal} [named|called] {hero}.
{hero} lived in a {spot} {near}.|{hero} had a small house in the {spot} {near}.
Every [morning|day|evening] {hero} [walked|ran|went] to the [water|market|road|well] and [sang a song|looked for {food}|counted the clouds|waited for a friend].|{hero} loved {food} and [long walks|old songs|quiet evenings|good stories].
One [day|morning|evening], when {weather}, {hero} [found|saw] a {shade} {thing} [in the grass|on the road|under a stone|by the water].|Then one [day|morning] {weather}, and {hero} found a {shade} {thing} [near the door|in the sand|under the bridge].
"[What is this|Whose {thing} is this|Where does it come from]?" [said|asked|thought] {hero}.|"[How strange|How beautiful|What a fine {thing}]!" [said|thought] {hero}.
The {thing} was [old|warm|heavy|bright] and [shone like a star|made a soft sound|smelled of the sea|was full of dust].|It was [the most beautiful|the smallest|the oldest] {thing} that anyone had ever seen.
{hero} took the {thing} and [went to see|ran to|looked for] a {adj} {animal} [named|called] {friend}.|So {hero} [carried|brought] the {thing} to {friend}, a {adj} {animal} who knew [many things|all the roads|every story].
"This {thing} belongs to the [king|queen|captain|old miller|moon]," said {friend}. "We must bring it back."|"I have seen this {thing} before," said {friend}. "It comes from the [island|tower|mountain|ship]."
The two friends [packed|took] some {food} and [set out|left] [before the sun came up|at once|the next morning].|They packed {food} and water, and the next [day|morning] they started [to walk|on the long road].
They [crossed|came to] a [river|bridge|field|desert] and [climbed|went over] a [hill|wall|mountain].|They walked through the [forest|rain|fields] for [three|two|seven] days.
At night they [slept under the stars|made a small fire|told each other stories] and [listened to the wind|ate {food}|dreamed of home].|When it grew dark, they [sat by a fire|found an empty house] and [shared the {food}|sang together].
On the way they met a [tired|lost|hungry|sad] {animal} and [gave it {food}|helped it home|asked for the way].|A {adj} {animal} came along and said, "[Take the left road|Follow the river|Go to the tower|Ask the wind]."
{hero} was [afraid|tired|cold], but {friend} said, "[Do not worry|We are almost there|Be brave|One more step]."|"[I want to go home|My feet hurt|It is so far]," said {hero}, but {friend} [only smiled|took {hero} by the hand|sang a song].
At last they [saw|found|reached] the [tower|castle|island|ship] and [knocked at the door|rang the bell|called out loud].|In the end they [came to|reached] a [great gate|small door|high tower], and the door [opened|was open].
"[Thank you|At last|You found it]," said [the king|the queen|the captain|an old voice]. "I have looked for my {thing} for [many years|a hundred years|so long]."|There [stood|sat] [the king|the queen|the captain], who [laughed|wept] and said, "[You have brought my {thing}|That is my {thing}]!"
They were given [a bag of gold|a basket of {food}|a new boat|a warm coat] and [a big party|a place at the table|a ride home].|There was music and {food}, and everybody danced until [the morning|the moon went down].
{hero} and {friend} went home, [tired but {feel}|{feel} and proud|singing all the way].|After that the two friends [went back to the {spot}|sailed home|walked home] and [slept for two days|told everyone].
From that day on [they were friends for ever|{hero} was never alone|they shared everything].|And [they lived happily ever after|{hero} never forgot that day|so the {thing} was home again].
""".strip().splitlines()
ASKED = ("[Tell me|tell me|Please tell me|Can you tell me|Write|write|Write me|I want to hear|Read me|Make up|Could you tell me|Tell] [a|a|a short|a long|a little|"
         "another|a nice] [story|story|tale|fairy tale][.|!|?|| please.| about a {animal}.| about a {adj} {animal}.| for children.| about {hero}.]")


def story(rng):
    hero, friend = names.person(rng) if rng.random() < 0.15 else rng.choice(names.FIRST_NAMES), rng.choice(names.FIRST_NAMES)
    while friend == hero:
        friend = rng.choice(names.FIRST_NAMES)
    slots = {**SLOTS, "hero": hero, "friend": friend,
             "thing": rng.choice(SLOTS["thing"]), "food": rng.choice(SLOTS["food"]), "spot": rng.choice(SLOTS["spot"])}
    return " ".join(expand(rng, rng.choice(split(stage)), slots) for stage in STAGES)


def split(stage):
    """The ways through a stage: split at the bars outside square brackets."""
    ways, depth = [""], 0
    for letter in stage:
        depth += (letter == "[") - (letter == "]")
        if letter == "|" and not depth:
            ways.append("")
        else:
            ways[-1] += letter
    return ways


def request(rng):
    return expand(rng, ASKED, {**SLOTS, "hero": rng.choice(names.FIRST_NAMES)})
