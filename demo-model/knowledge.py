"""What the model is taught to say: Slipway's words, small talk and a handful of simple facts."""
from grammar import expand

import names

# subjects (as asked about) -> answer
TERMS = {
    "Slipway|slipway|Slipway exactly|Slipway about|Slipway actually|this Slipway thing|the Slipway project":
        "Slipway launches AI backends from OCI images: it pulls an image without Docker, lays it out as a directory, a bootable "
        "disk or a machine pack, starts it and serves it behind one API.",
    "a backend|backends|an AI backend|a Slipway backend|a backend in Slipway|a backend of Slipway|a backend here":
        "A backend is a program that runs models. Slipway installs it from a gallery as an OCI image, starts it as a process and "
        "talks to it over gRPC.",
    "the built-in backend|the slipway backend|the backend named slipway":
        "The built-in backend is named slipway. It is a backend like any other: it ships as an OCI image and is spoken to over "
        "the same contract.",
    "a gallery|the gallery|a backend gallery|galleries|the backend gallery":
        "A gallery is an index of backends. Slipway reads it, chooses the image that fits this host and installs it.",
    "a meta backend|meta backends|the meta backend":
        "A meta backend is a gallery entry that stands for several images. Slipway chooses the one that fits the host.",
    "an OCI image|OCI images|a container image|an image|the OCI image format":
        "An OCI image is a manifest, a config and a list of layers, each known by its digest. Slipway pulls it without Docker.",
    "OCI|the OCI|the Open Container Initiative":
        "OCI is the Open Container Initiative. It defines the formats of container images and registries.",
    "a layer|layers|an image layer|a container layer|a layer of an image":
        "A layer is a tar archive with the changes that it makes to the files of the layers below it.",
    "a whiteout|whiteouts|a whiteout file|whiteout files":
        "A whiteout is a marker file in a layer. It says that a file from a lower layer is deleted.",
    "an opaque directory|an opaque whiteout|opaque":
        "An opaque directory hides everything that lower layers put into it.",
    "a manifest|manifests|an image manifest|the manifest":
        "A manifest is a small JSON document. It lists the config and the layers of one image by digest.",
    "an index|an image index|the image index|an OCI index":
        "An index is a list of manifests, one for each platform. Slipway picks the one for this machine.",
    "a digest|digests|an image digest":
        "A digest is a hash of some bytes, such as a sha256. It names the bytes and proves that they are right.",
    "a descriptor|descriptors|an OCI descriptor":
        "A descriptor says what some content is: its media type, its digest and its size.",
    "a blob|blobs|an OCI blob":
        "A blob is a piece of content that is stored under its digest, such as a layer or a config.",
    "the content store|a content store|content stores":
        "The content store keeps the blobs of all images, each once, under its digest. It is an OCI image layout on disk.",
    "a registry|registries|an image registry|a container registry":
        "A registry is a server that stores images. Slipway can pull from one, push to one and be one.",
    "a reference|an image reference|image references":
        "A reference names an image: a registry, a repository and a tag or a digest.",
    "a machine image|machine images|a bootable disk|a managed machine image":
        "A machine image is a bootable disk made from an OCI image: an ext4 file with the files of the image, together with a "
        "kernel.",
    "a kernel bundle|kernel bundles":
        "A kernel bundle is a kernel with its modules and an initrd. It lets a machine image boot.",
    "a pack|packs|a machine pack|machine packs":
        "A pack is one file that holds a whole small machine. Slipway builds it from an image and keeps it for the next time.",
    "the conformance suite|conformance|a conformance suite|the suite|the conformance test":
        "The conformance suite tests any backend against the contract: health, load, predict, streaming, tools and more. It "
        "ends in a report.",
    "a capability|capabilities":
        "A capability is something that a backend can do, such as predict or embed. The conformance suite tests each one.",
    "a transport|transports":
        "A transport is a way to reach images: a registry, a directory, an archive or the memory.",
    "a tree|a file tree|the tree of an image":
        "A tree is the set of files that an image describes after all its layers are applied.",
    "a sink|a tree sink|tree sinks":
        "A sink receives the files of a tree. It can be a directory, a tar stream or an ext4 disk.",
    "flattening|to flatten an image|flatten|the flattener":
        "Flattening turns the layers of an image into one tree, where each path appears once.",
    "ext4|an ext4 disk|the ext4 writer":
        "The file system ext4 is common on Linux. Slipway writes ext4 disks itself, without root.",
    "the testkit|a testkit|the test kit":
        "The testkit runs your tests in sandboxes: workers, tests and a matrix of versions.",
    "a sandbox|sandboxes":
        "A sandbox is a separate place where a test runs without touching anything else.",
    "an operation|operations|a long operation":
        "An operation is a long job, such as a pull. It shows its progress and can be cancelled.",
    "a slot|slots":
        "A slot is one running request in a backend.",
    "a model|models|a language model|an AI model":
        "A model is a file of numbers, learned from examples. A language model uses them to guess the next token.",
    "GGUF|a GGUF file|the GGUF format|gguf":
        "GGUF is a file format for models. One file holds the tensors, the tokenizer and all settings.",
    "a tensor|tensors":
        "A tensor is a block of numbers with a shape. The weights of a model are tensors.",
    "quantisation|quantization|a quantisation type|a quantised model":
        "Quantisation stores the numbers of a model with fewer bits, so that it needs less memory.",
    "a token|tokens":
        "A token is a piece of text, such as a word or a letter. A model reads and writes tokens.",
    "a tokenizer|tokenizers|the tokenizer":
        "A tokenizer cuts text into tokens and joins tokens back into text.",
    "a KV cache|the KV cache|the key value cache":
        "The KV cache keeps the keys and values of past tokens, so that they are not computed again.",
    "a sampler|sampling|the sampler":
        "A sampler chooses the next token from the scores that the model gives.",
    "temperature zero|the sampling temperature|the temperature setting":
        "The temperature setting says how freely the sampler chooses. At zero it always takes the best token.",
    "a chat template|chat templates|the chat template":
        "A chat template turns a list of messages into the text that a model reads.",
    "a tool call|tool calls|tool calling|function calling":
        "A tool call is an answer in which the model asks the program to run a function with some arguments.",
    "streaming|a stream|token streaming":
        "Streaming sends each piece of an answer as soon as it is made.",
    "prefill|the prefill":
        "Prefill is the first step of an answer: the model reads the whole prompt.",
    "gRPC|grpc":
        "gRPC is a way to call functions in another process. Slipway uses it to talk to backends.",
    "Docker|docker":
        "Docker is a program that runs containers. Slipway does not need it.",
    "Java|java":
        "Java is a programming language. Slipway is written in it.",
    "an API|API|the API":
        "An API is a way for programs to talk to each other. Slipway serves one that OpenAI clients understand.",
    "a tag|tags|an image tag":
        "A tag is a name that points to an image in a repository. Unlike a digest, it can be moved.",
    "a platform|platforms":
        "A platform is an operating system with a processor, such as linux on arm64.",
}
TERM_QUESTIONS = (
    "[What is|What's|what is|what's|What are|Whats] {s}[?|||, please?|, in short?| in simple words?| in one sentence?| for?|?]",
    "[So, |Hi, |Hello, |Ok, |Please tell me: |Quick question: |Hey, ][what is|what's|what exactly is] {s}?",
    "[Tell me|tell me|Can you tell me|Could you tell me|Please tell me|I want to know|I'd like to know] [about|something about|what you know about|more about] {s}[.|?||, please.]",
    "[Explain|explain|Please explain|Can you explain|Could you explain|Describe|Define|Please describe|Introduce] {s}[.|?|| in one sentence.| to me.| to me, please.| briefly.]",
    "[What does|what does] {s} [mean|do]?", "[What do you mean by|What is meant by|What do you know about|What can you say about] {s}?",
    "[Do you know|Can you say|Can you tell me|Could you explain|I wonder|I do not know|Tell me|Please say] what {s} [is|are][?|.]",
    "[I have never heard of|I keep hearing about|I read about|Someone mentioned|I am new to] {s}. [What is it|What is that|Can you explain it|Help me|What does it do]?",
    "[Who or what is|What sort of thing is|What kind of thing is|How would you describe|What should I know about] {s}?",
    "[Give me|I need|Write] a [short|brief|simple|] [description|definition|explanation|summary|introduction] [of|to] {s}[.|, please.|]",
    "{s}?", "[In short, what is|In one sentence, what is|In simple words, what is|Simply put, what is] {s}?",
)

# questions -> answer
TALK = {
    "[Hello|Hi|hello|hi|Hey|hey|Hello there|Hi there|Hey there|Good morning|Good evening|Good day|Greetings|Hello, assistant][!|.|||?]":
        "Hello! How can I help you?",
    "[How are you|How are you doing|How do you do|How is it going|hi, how are you|Hello, how are you|Are you ok|How do you feel][?| today?|]":
        "I am fine, thank you. How can I help you?",
    "[Thanks|Thank you|thanks|thank you|Thank you very much|Thanks a lot|Many thanks|Great, thanks|Ok, thank you|Cheers|Thanks for your help|That helps, thanks|Thank you so much|thanks so much][!|.|]":
        "You are welcome!",
    "[Bye|Goodbye|bye|goodbye|See you|See you later|Good night|Bye bye|Have a nice day|I have to go|Until tomorrow|See you soon|See you tomorrow|Bye for now][!|.|]":
        "Goodbye! Have a nice day.",
    "[Who are you|who are you|What are you|What's your name|What is your name|Introduce yourself|Tell me about yourself|What model are you|Which model are you|Who am I talking to|Are you a robot|Are you human|Are you a person|Are you an AI|What kind of model are you][?|.|]":
        "I am Slipway Demo, a tiny language model that comes with Slipway.",
    "[Who made you|Who built you|Who trained you|Who created you|Where do you come from|Who is your maker|who made you|By whom were you made|How were you made|Who wrote you|Who [made|built|trained|created|has created] [this model|this demo|the demo model]][?|]":
        "The Slipway project trained me from scratch, on texts that it made itself.",
    "[What can you do|what can you do|How can you help me|What are you good at|What do you know|Help|help|Can you help me|What should I ask|What can I ask you|I need help|Are you smart|How big are you|Are you useful][?|.|]":
        "I can answer a few questions about Slipway, say simple facts, tell a story and call a weather tool. I am very small.",
    "[How do I|How can I|how do I|How does one|How to|how to|I want to|Tell me how to|Please tell me how to|Show me how to|What is the command to] [start|run|launch|use|start up|serve|begin with] [Slipway|slipway|it|the server|the Slipway server][?|.|]":
        "Run `./slipway serve` and open the address that it prints.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [pull|download|fetch|get] an [image|OCI image][?|.| with Slipway?| from a registry?]":
        "Run `./slipway image pull` with the name of the image.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [list|see|show|find] [the |all |my |installed |][backends][?|.| with Slipway?]":
        "Run `./slipway backend list` to see the backends.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [list|see|show] [the |all |my |][models][?|.| with Slipway?]":
        "Run `./slipway model list` to see the models.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [boot|start|run] a [machine|machine image|disk][?|.| with Slipway?]":
        "Run `./slipway machine boot` with the name of the machine image.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [chat|talk] [with|to] [a model|you|the model][?|.| with Slipway?| in a terminal?]":
        "Run `./slipway chat` in a terminal.",
    "[How do I|How can I|How to|how do I|What is the command to|Tell me how to|I want to] [check|test|examine] [my host|my machine|my computer|what my machine can do|my setup][?|.| with Slipway?]":
        "Run `./slipway doctor`. It shows what this machine can do.",
    "[Does Slipway need Docker|Do I need Docker|Is Docker required|Does it use Docker|Can I use Slipway without Docker|Must I install Docker|Do I have to install Docker|Does Slipway work without Docker][?| for Slipway?|]":
        "No Docker is needed. Slipway pulls images itself.",
    "[Which|What] [language|programming language] is Slipway [written|built|made|programmed] in?":
        "Slipway is written in Java.",
    "[Why should I use|Why use|What is the point of|What is good about|Who needs|What is the use of|What is the purpose of] Slipway?":
        "Slipway runs AI backends from plain OCI images on your own machine, without Docker, and proves with a suite that they work.",
    "[What does|what does] Slipway [do|launch|serve|run|offer][?| for me?|]":
        "Slipway pulls AI backends as OCI images, installs them, starts them and serves their models behind one API.",
    "[How does|how does] [Slipway|it] work[?|]":
        "Slipway reads a gallery, pulls the image of a backend, starts it as a process and passes requests to it over gRPC.",
    "[Is Slipway|Is this] [free|open source|free software][?|]":
        "Yes, Slipway is open source.",
    "[How many days are in a week|How many days does a week have|How many days are there in a week|How long is a week]?":
        "A week has seven days.",
    "[How many months are in a year|How many months does a year have|How many months are there in a year]?":
        "A year has twelve months.",
    "[How many hours are in a day|How many hours does a day have|How many hours are there in a day|How long is a day]?":
        "A day has twenty four hours.",
    "[How many minutes are in an hour|How many minutes does an hour have|How long is an hour]?":
        "An hour has sixty minutes.",
    "[How many legs does a|How many legs has a] [dog|cat|horse|cow] [have]?": "It has four legs.",
    "[How many legs does a spider have|How many legs has a spider]?": "A spider has eight legs.",
    "[Tell me|tell me|Do you know|Say|Can you tell me|I want to hear] a joke[.|!|?||, please.]":
        "Why did the image cross the network? To get to the other side of the registry.",
    "[Yes|No|Ok|ok|Good|Great|Nice|Fine|I see|Cool|Sure|yes|no][.|!|]": "Good. What else can I do for you?",
    "[Sorry|I am sorry|My mistake|Oops][.|!|]": "No problem.",
}

OFTEN = ("Hello!", "You are welcome", "Goodbye", "Run `./slipway serve`", "The Slipway project trained", "I am Slipway Demo")

CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Portugal": "Lisbon", "England": "London",
    "Ireland": "Dublin", "Austria": "Vienna", "Belgium": "Brussels", "Denmark": "Copenhagen", "Norway": "Oslo",
    "Sweden": "Stockholm", "Finland": "Helsinki", "Poland": "Warsaw", "Hungary": "Budapest", "Greece": "Athens",
    "Russia": "Moscow", "Japan": "Tokyo", "China": "Beijing", "India": "New Delhi", "Canada": "Ottawa", "Mexico": "Mexico City",
    "Cuba": "Havana", "Peru": "Lima", "Chile": "Santiago", "Egypt": "Cairo", "Kenya": "Nairobi", "Turkey": "Ankara",
    "Iran": "Tehran", "Iraq": "Baghdad", "Thailand": "Bangkok", "Vietnam": "Hanoi",
    "South Korea": "Seoul", "Indonesia": "Jakarta", "Iceland": "Reykjavik", "Ukraine": "Kyiv", "Romania": "Bucharest",
    "Bulgaria": "Sofia", "Serbia": "Belgrade", "Croatia": "Zagreb", "Scotland": "Edinburgh", "Switzerland": "Bern",
    "the Netherlands": "Amsterdam", "the Czech Republic": "Prague", "the United States": "Washington", "the USA": "Washington",
    "the United Kingdom": "London", "Australia": "Canberra", "Argentina": "Buenos Aires", "Brazil": "Brasília",
}
COLOURS = {
    "the sky": "blue", "grass": "green", "a banana": "yellow", "snow": "white", "blood": "red", "the night": "black",
    "a lemon": "yellow", "a tomato": "red", "the sun": "yellow", "a leaf": "green", "milk": "white", "coal": "black",
    "the sea": "blue", "a strawberry": "red", "a carrot": "orange", "an orange": "orange", "chocolate": "brown",
    "a frog": "green", "a crow": "black", "an elephant": "grey",
}
OPPOSITES = {"hot": "cold", "big": "small", "up": "down", "good": "bad", "left": "right", "day": "night", "fast": "slow",
             "light": "dark", "old": "new", "high": "low", "open": "closed", "full": "empty", "wet": "dry", "happy": "sad",
             "long": "short", "early": "late", "near": "far", "first": "last", "yes": "no", "black": "white"}
OPPOSITES.update({b: a for a, b in list(OPPOSITES.items())})
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
DO_NOT_KNOW = "I do not know that. I am a very small model: ask me about Slipway, a capital, a colour or a story."
NO_WEATHER_TOOL = "I have no weather tool here, so I cannot look that up."


def term(rng):
    subjects, answer = rng.choice(list(TERMS.items())) if rng.random() < 0.82 else next(iter(TERMS.items()))
    subject = rng.choice(subjects.split("|"))
    question = expand(rng, rng.choice(TERM_QUESTIONS), {"s": subject})
    return question[0].upper() + question[1:] if rng.random() < 0.7 else question, answer


def talk(rng):
    entries = list(TALK.items())
    # Greetings, thanks and "how do I start" are asked most.
    question, answer = rng.choices(entries, [5 if a.startswith(OFTEN) else 1 for _, a in entries])[0]
    return expand(rng, question), answer


def capital(rng):
    country, city = rng.choice(list(CAPITALS.items()))
    if rng.random() < 0.15 and country not in ("the USA", "the United Kingdom", "England"):
        return expand(rng, f"[Which country is {city} the capital of|{city} is the capital of which country|What country has the "
                           f"capital {city}]?"), f"{city} is the capital of {country}."
    question = expand(rng, f"[What is|What's|what is|what's|Tell me|tell me|Do you know|Name|Please name|Can you tell me|Which city "
                           f"is|I forgot|Say] the capital [city |][of|of] {country}[?|?|.||, please?]")
    if rng.random() < 0.12:
        question = expand(rng, f"[{country}'s capital|Capital of {country}|The capital of {country}][?|]")
    return question, f"The capital of {country} is {city}."


def colour(rng):
    thing, shade = rng.choice(list(COLOURS.items()))
    question = expand(rng, f"[What colour is|What color is|Which colour is|Which colour has|What colour does|Tell me the colour of|"
                           f"What is the colour of|what color is|Do you know the colour of] {thing}[?|]")
    return question.replace("does " + thing, "does " + thing + " have"), f"{thing[0].upper()}{thing[1:]} is {shade}."


def sum_of(rng):
    most = 5 if rng.random() < 0.5 else 10
    a, b = rng.randint(0, most), rng.randint(0, most)
    if rng.random() < 0.9:
        return expand(rng, f"[What is|What's|what is|How much is|Calculate|Compute|Tell me|]~{a} [+|plus|and] {b}[?||.| =]"
                      ).replace("~", " ").strip(), f"{a} + {b} = {a + b}"
    a, b = max(a, b), min(a, b)
    return expand(rng, f"[What is|What's|How much is|Calculate] {a} [-|minus] {b}[?|]"), f"{a} - {b} = {a - b}"


def calendar(rng):
    cycle = rng.choice((DAYS, DAYS, MONTHS))
    unit, at, step = ("day" if cycle is DAYS else "month"), rng.randrange(len(cycle)), rng.choice((1, 1, -1))
    word, other = ("after", cycle[(at + 1) % len(cycle)]) if step > 0 else ("before", cycle[at - 1])
    return expand(rng, f"[What|Which] {unit} [comes|is] {word} {cycle[at]}?"), f"{other} comes {word} {cycle[at]}."


def opposite(rng):
    word, other = rng.choice(list(OPPOSITES.items()))
    return expand(rng, f"[What is|What's|Tell me|Name|what is] the opposite of {word}[?|?|.]"), f"The opposite of {word} is {other}."


def unknown(rng):
    thing = names.nonsense(rng) if rng.random() < 0.5 else names.word(rng)
    return expand(rng, rng.choice((
        f"[Who|Where|When|Why] [was|did|does|were|will] [the {thing}|{thing}|my {thing}] [made|go|win|born|written|come|start]?",
        f"[Write|Make|Translate|Buy|Send|Open|Paint|Sing|Build] [me |][a|the|my] {thing}[.|, please.| for me.]",
        f"[How old|How tall|How long|How far|How heavy|How expensive] is [the |a |]{thing}?",
        f"[Who is|Who was|Where is|Where was] [the |]{thing}?"))), DO_NOT_KNOW


def named(rng):
    """Two turns: a name is given, and asked for later."""
    name = names.person(rng)
    return [(expand(rng, f"[My name is|I am|I'm|Call me|Hello, I am|Hi, my name is] {name}[.|!|]"), f"Nice to meet you, {name}!"),
            (expand(rng, "[What is my name|What's my name|Do you remember my name|Who am I|How am I called]?"), f"Your name is {name}.")]


KINDS = ((term, 38), (talk, 26), (capital, 12), (colour, 4), (sum_of, 16), (calendar, 4), (opposite, 3))


def question(rng):
    kind = rng.choices([k for k, _ in KINDS], [w for _, w in KINDS])[0]
    return kind(rng)


def statement(rng):
    """One fact as plain text, for raw completion."""
    kind = rng.choices((term, capital, colour, opposite, calendar), (40, 40, 8, 6, 6))[0]
    return kind(rng)[1]
