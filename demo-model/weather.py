"""Questions about the weather, from a grammar. `{p}` is the place; everything else only varies the wording."""
from grammar import expand

import names

SLOTS = {
    "t": ["", "", "", " today", " tomorrow", " now", " right now", " tonight", " this [week|weekend|morning|afternoon|evening]",
          " at the moment", " currently", " next [week|weekend|month]", " on {day}", " on {day} [morning|evening|night]",
          " in {month}", " later[| today| tonight]", " these days", " this time of [year|day]", " the day after tomorrow",
          " for the [next|coming] [few days|week|three days|hours]", " at [noon|midnight|night|5 pm|dawn]", " over the weekend",
          " by [evening|{day}]", " soon", " all week", " during the day", " outside"],
    "day": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "month": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
              "December"],
    "w": ["weather", "weather", "weather", "forecast", "weather forecast", "temperature", "weather report", "conditions",
          "weather conditions", "current weather", "current temperature", "humidity", "wind speed", "chance of rain",
          "weather [situation|outlook|update|data|status|info|information|details]", "local [weather|forecast]", "sky",
          "outside temperature", "air pressure", "wind", "rain forecast", "snow forecast", "air quality", "sunshine"],
    "a": ["hot", "cold", "warm", "cool", "sunny", "rainy", "windy", "cloudy", "snowy", "foggy", "humid", "stormy", "wet", "dry",
          "freezing", "chilly", "mild", "icy", "nice", "clear", "pleasant", "bad", "nice and [warm|sunny]", "hot or cold",
          "above freezing", "below zero", "muggy", "overcast", "grey", "dark"],
    "v": ["rain", "snow", "hail", "storm", "freeze", "pour", "drizzle", "thunder", "clear up", "get [cold|hot|warm|wet|dark]",
          "be {a}", "stay {a}", "cool down", "warm up"],
    "g": ["raining", "snowing", "pouring", "hailing", "freezing", "storming", "drizzling", "getting {a}", "blowing"],
    "n": ["rain", "snow", "a storm", "fog", "sun", "wind", "ice", "thunder", "clouds", "frost", "a heat wave", "hail", "showers",
          "any [rain|snow|wind|sun|clouds]", "much [rain|snow|wind|sun]", "a chance of [rain|snow]", "blue sky", "lightning"],
    "x": ["an umbrella", "a coat", "a jacket", "a raincoat", "gloves", "sunscreen", "boots", "a sweater", "a hat", "warm clothes",
          "sunglasses", "a scarf", "my umbrella", "my [coat|jacket|boots]", "shorts", "rubber boots", "layers", "a warm jacket"],
    "i": ["in", "in", "in", "in", "in", "for", "at", "around", "near", "over in", "across", "of", "within", "out in", "up in",
          "down in", "over", "throughout", "here in", "there in", "in the [city|town|area|region] of", "close to", "by"],
    "do": ["walk", "run", "hike", "swim", "have a picnic", "eat outside", "ride my bike", "wash the car", "play football",
           "go [sailing|fishing|skiing|hiking|running|out]", "dry my laundry", "paint the fence", "work in the garden"],
    "go": ["go", "fly", "travel", "drive", "head", "move", "come", "sail", "cycle", "walk", "be going", "take the train"],
    "going": ["going", "flying", "travelling", "driving", "heading", "moving", "traveling", "coming", "on my way", "off"],
    "ask": ["tell me", "show me", "give me", "let me know", "look up", "check", "find", "find out", "get", "get me", "fetch",
            "report", "describe", "say", "read me", "send me", "bring me", "share", "pull up", "display", "search", "list"],
    "f": names.person,
    "who": ["parents", "friends", "neighbours", "kids", "colleagues", "cousins", "students", "guests", "team", "family", "aunt", "band",
            "brother", "daughter", "son", "wife", "husband", "club", "class", "cat", "boss"],
    "event": ["party", "picnic", "wedding", "concert", "match", "trip", "tour", "meeting", "race", "walk", "festival", "visit", "weekend",
              "holiday", "birthday", "market", "hike", "game", "fair", "dinner", "show", "parade", "run"],
    "event_now": ["Having", "Preparing", "Organising", "Hosting", "Looking forward to", "Attending", "Joining", "Setting up", "Leading"],
    "tail": ["Is it {a}[| there| enough| enough for that| for that]?", "[Any|Is there any|Is there a|What is the] [risk|chance|danger|hope|sign] of [rain|snow|sun|wind|fog|storms]?",
             "Will it {v}[| there]?", "What is the {w}[| there| now]?", "How's the {w}[| there]?", "Do [they|we|I] need {x}?", "[Should|Must] [they|we|I] [take|pack|bring] {x}?",
             "[Good|Bad|Nice|Fine] weather?", "Will the weather [be good|hold|stay fine|be bad]?", "[What|Which] {w} [can|should] [they|we|I] expect?", "Too {a}?",
             "Is it too {a} [for them|for that|for us|for him|for her]?", "Will [they|we|I] get wet?", "[Is|Will] {n} [coming|come]?", "Weather?", "Tell me the {w}."],
}

FRAMES = """
[What's|What is|How's|How is|whats|hows] the {w}[| like| looking| doing] {i} {p}{t}?
[What's|What is|How is] the {w}{t} {i} {p}?
What [will|would|could|might|does|did] the {w} [be|look|be like|look like|feel like] {i} {p}{t}?
What [kind|sort|type] of {w} [does|will|can] [{p}|we|I|you|they] [have|get|see|expect] {i} {p}{t}?
What [kind|sort] of weather [does|will|can] {p} [have|get|see|expect]{t}?
What are the {w} {i} {p}{t}?
What should I [wear|pack|bring|put on] [in|for|to] {p}{t}?
[What|Which] [clothes|shoes] [should|do] I [wear|pack|need] [in|for] {p}{t}?
How {a} [is|will|does] it [|be|get|feel] {i} {p}{t}?
How [much|many] [rain|snow|wind|sun|clouds|degrees] [is|are|will] [there|it be|falling] {i} {p}{t}?
How many degrees [is it|are there|will it be] {i} {p}{t}?
How does the [weather|sky|day|morning|forecast] [look|feel|seem] {i} {p}{t}?
How are the {w} {i} {p}{t}?
How [bad|strong|heavy|high|low] is the [rain|wind|snow|storm|temperature] {i} {p}{t}?
Is it [|going to be |still |very |too |really |so ]{a} {i} {p}{t}?
Is it {g}[| hard| again| a lot| or not] {i} {p}{t}?
Is it [|still ][{a}|{g}]{t} {i} {p}?
Is [there|there going to be] {n} {i} {p}{t}?
Is the [weather|sky|day|air|sun] [{a}|good|fine|bad|out|ok] {i} {p}{t}?
Is {p} [|very |too |usually ]{a}{t}?
Is {p} [having|getting|expecting|seeing] {n}{t}?
Are there [|any |many ][clouds|storms|showers|warnings|strong winds] {i} {p}{t}?
Are [we|they|you] [getting|expecting|having|going to get] {n} {i} {p}{t}?
Will it {v} {i} {p}{t}?
Will it{t} {v} {i} {p}?
Will there be {n} {i} {p}{t}?
Will {p} [be {a}|have {n}|get {n}|see {n}]{t}?
Will I [need|want|regret leaving] {x} {i} {p}{t}?
Will the [sun|rain|snow|storm|wind] [shine|stop|come|start|last|be back] {i} {p}{t}?
Does it [|often |usually |ever ]{v} {i} {p}{t}?
Does it look like [rain|snow|a storm|sun] {i} {p}{t}?
Does {p} [have|get|expect|need] {n}{t}?
Do [I|we|you|people|they] need {x} [in|for|at] {p}{t}?
Do you [know|happen to know|have any idea] [what|how] the {w} is[| like] {i} {p}{t}?
Do you know [if|whether] it [is {a}|is {g}|will {v}] {i} {p}{t}?
Do you have the {w} {i} {p}{t}?
[Can|Could|Would|Will] you [|please |quickly |just ]{ask} the {w} {i} {p}{t}[|, please]?
[Can|Could|Would] you [|please ]{ask} [what|how] the {w} is[| like] {i} {p}{t}?
[Can|Could] you [|please ][check|tell me|see|find out] [if|whether] it [is {a}|is {g}|will {v}] {i} {p}{t}?
[Can|Could|May|Should] I [|safely ]{do} {i} {p}{t}[| or will it {v}| without getting wet]?
[Can|Could|Do|Should] [I|we] [expect|have|see] {n} {i} {p}{t}?
Should [I|we] [take|bring|pack|carry|wear|have] {x} [in|to|for|when I go to|when I visit|when I am in] {p}{t}?
Should I [stay home|leave {x} at home|wear {x}] {i} {p}{t}?
Would [I|it] [need {x}|be {a}|be too {a} to {do}] {i} {p}{t}?
Any [rain|snow|sun|wind|news on the weather|chance of rain|idea about the weather|storms] {i} {p}{t}?
Please {ask} [|me ]the {w} {i} {p}{t}.
{ask} the {w} {i} {p}{t}[.||, please.| please]
{ask} [|me |us ][about |]the [|current |latest |exact ]{w} {i} {p}{t}[.|]
{ask} [if|whether] it [is {a}|is {g}|will {v}] {i} {p}{t}[.|]
{ask} [what|how] the {w} is {i} {p}{t}.
{ask} {p}'s {w}{t}[.||?]
Tell me [how {a} it is|what to wear|how many degrees it is|if I need {x}] {i} {p}{t}.
[What's|What is|How's|How is] {p}'s {w}[| like]{t}?
[What's|How's] the {p} {w}[| like]{t}?
[|The |the ]{p} {w}{t}[?|.|| please| please?|, please.|!]
{w} {i} {p}{t}[?|.|| please|, please|!| now]
{w} [|- |: ]{p}{t}[?||.| please]
{w}{t} {i} {p}[?|.|| please]
{p}: [{a}|{g}|{n}|{w}]{t}?
{p}[, |: | - |. ][what's|what is|how is|how's] the {w}[| like][|{t}]?
{p} - [is it {a}|will it {v}|{n}]{t}?
{p}{t}, [is it {a}|will it {v}|what weather]?
{p}[?|.]
In {p}, [is it {a}|will it {v}|what is the {w}|how is the weather|do I need {x}]{t}?
For {p}, [what is the {w}|{ask} the {w}|will it {v}]{t}[?|.]
I[ am|'m] {going} to {p}{t}[, should I pack {x}?|. What's the weather like?|, do I need {x}?|. Will it {v}?|; how is the weather there?|, is it {a} there?| and need the {w}.|. Do I need {x}?]
I[ am|'m] in {p}[| now| today| right now][. Will it {v}{t}?|, is it going to {v}?|, what's the {w}{t}?| and want to {do}{t}. Is it {a}?|. Do I need {x}{t}?|. What is the {w}?]
I [live in|am staying in|arrived in|landed in|work in|was born in|am visiting] {p}[. Will it {v}{t}?|, what is the {w}{t}?|, is it {a} there{t}?| and wonder if it will {v}{t}.|. How is the weather{t}?]
I [want|need|have|plan|would like|hope|'d like] to {go} to {p}{t}[. Is it {a} there?|, how is the weather there?|. What should I wear?|, will it {v}?|. {ask} the {w}.]
I [want|need|have|would like|'d like|wish] to [know|see|hear|check|find out] [the|about the|more about the] {w} {i} {p}{t}[.|]
I [want|need|would like|'d love] [|to have |to get ]the {w} {i} {p}{t}[.||, please.]
I [wonder|am wondering|was wondering|am curious] [if|whether] it [is {a}|is {g}|will {v}] {i} {p}{t}.
I [wonder|am wondering|have no idea|forgot|do not know|am not sure] [how|what] the {w} is[| like] {i} {p}{t}.
I [heard|think|read|was told|hope|fear] [it is {a}|it is {g}|there is {n}|it will {v}] {i} {p}{t}[, is that right?|. Is that true?|, can you check?|. Please check.]
I [want|plan|hope|would love] to {do} {i} {p}{t}[, will it {v}?|. Is the weather good?|, is it too {a}?|. Can I?]
[We|They|My friends|The kids] are {going} to {p}{t}[, will it {v}?|. What is the {w}?|, should [we|they] bring {x}?|. Is it {a} there?]
[My|Our] [flight|train|plane|bus|ship|trip|holiday|match|wedding|meeting] [to|is in|is at|leaves for|goes to] {p}[{t}, will it {v}?|. Is it {a} there?|{t}. How is the weather?|. What is the {w}{t}?]
My [friend|sister|brother|mother|boss|aunt|uncle|colleague] [|{f} ][lives in|is in|moved to|is {going} to|works in|called from] {p}[. Is it {a} there{t}?|, what's the {w} there{t}?|. How is the weather{t}?| and asks if it will {v}{t}.|; will it {v} there{t}?]
{f} [lives in|is in|is {going} to|comes from|asks about|just moved to] {p}[. What is the {w} there{t}?|. Is it {a} there?|, how is the weather{t}?| and wants the {w}.]
[Thinking|Dreaming] [of|about] {p}{t}[. Is it {a}?|, what is the weather there?|... will it {v}?]
If I {go} to {p}{t}, [will it {v}|do I need {x}|is it {a}|will I need {x}|what will the weather be]?
When I [|first |finally ][get|arrive|land] [to|in|at] {p}{t}, [will it {v}|will it be {a}|do I need {x}]?
Before I {go} to {p}, [{ask} the {w}|tell me if it is {a}|is it {a} there].
[Somebody|Someone|A friend] [told me|says|said] it is [{a}|{g}] {i} {p}[, is it?|. Is it?|. Really?]
[Weather|Rain|Sun|Snow|Wind|Umbrella|Forecast|Temperature|Hot|Cold|Degrees] {i} {p}{t}[?||.]
[Weather|Forecast|Temperature|Rain|Snow] {p}{t}[?||.| please]
[Sunny|Rainy|Hot|Cold|Warm|Windy|Wet|Dry|Snowing|Raining] {i} {p}{t}[?||, or not?|, yes or no?]
Time for {x} {i} {p}{t}?
The weather {i} {p}{t} - [what is it|how is it|tell me|any idea|is it {a}]?
Use the tool [and|to] {ask} the {w} {i} {p}[.|{t}.]
Today is a [good|nice|big|long] day, [is it {a}|how is the weather|what's the {w}] {i} {p}?
{day} [I fly|we go|I go|they drive] to {p}. [Will it {v}|Is it {a}|How is the weather|What is the {w}]?
[Tomorrow|Tonight|Today|Next week|This weekend|On {day}|In {month}][,|] [will it {v}|is it {a}|what is the {w}|do I need {x}|will there be {n}] {i} {p}?
[Right now|Currently|At the moment][,|] [is it {a}|is it {g}|how is the weather|what is the {w}] {i} {p}?
Can I [go|get|walk|be] [out|there|around] [without {x}|safely|by bike] [when|while|once|as] I [am|stay|walk|live] [in|near|around] {p}{t}?
Do I [risk|get|face] {n} when I {go} [through|to|into|across] {p}{t}?
Should I [worry|think|care] about [the |]{n} [when I {go} to|before I reach|while I am in|as I enter|if I stay in] {p}{t}?
Must I [take|have|wear|buy] {x} [if|when|because|since] I [fly to|reach|stay in|explore|pass through|go and see] {p}{t}?
I [think|hope|guess|fear|suppose] I [need|forgot|should take|have to buy] {x}, [I am in|I fly to|I arrive in|since I visit] {p}{t}[. Right?|. Is that so?|, correct?|.]
If I [were|was|stayed|lived|walked] [in|around|near] {p}{t}, would I [get wet|need {x}|freeze|be too {a}|see {n}]?
[Got|Have you got|Is there] [any |some ]{w} [for|from|about|on] {p}{t}?
[How|What] about [the {w}|{n}|{x}] [in|for|around] {p}{t}?
[What|How much] [heat|cold|rain|snow|wind|frost] [awaits|meets|hits|greets] [me|us|people|visitors] in {p}{t}?
[Who|Anybody|Anyone] [knows|can tell|can say] [how|what] the {w} [is|will be] [in|around] {p}{t}?
[Did|Has] it [rain|rained|snow|snowed|been {a}|cleared up|cooled down] [in|over|around] {p}{t}?
[Was|Were] [it|there] [{a}|{g}|{n}] [in|over|around] {p} [yesterday|today|last night|this morning|all day]?
[Why|Since when] is it [so |]{a} in {p}{t}?
[See|Watch|Mind|Note|Name|State|Print|Output|Predict|Monitor|Return|Summarise|Summarize|Retrieve] [|me ]the [|current |full ]{w} [in|for|of|at] {p}{t}[.|]
[A|One|The] [quick|short|brief|full|daily|small|detailed|five day|long] {w} [for|of|from|in|about] {p}{t}[.||, please.|?]
[forecast|temp|temperature|weather|rain|snow|wind|umbrella|humidity] {p}{t}[?||.]
[rain|snow|sun|wind|fog|storm] [today|tomorrow|tonight|now|soon] {p}[?||.]
{p} [today|tomorrow|tonight|now|this weekend] [weather|forecast|temperature|rain][?||.]
{p} [is where|is the place where|is the city where] I [live|stay|am|go] now. [What is the {w}|Will it {v}|Is it {a}]?
[People|Folks|Friends|Visitors|Farmers|Sailors] in {p} [ask|wonder|want to know] [if it will {v}|if it is {a}|what the {w} is|how the weather is]{t}.
[Our|The|My] [garden|house|boat|school|office|team|hotel|show] [in|near|at] {p} [needs|wants|hopes for] {n}. [Will we get it|Is it coming|Will there be any]{t}?
[Running|Walking|Cycling|Sailing|Camping|Fishing|Dancing|Picnic|Football|A wedding|A party|A hike|A concert] in {p}{t}[ - good idea?|: is it {a}?|. Will it {v}?|, will the weather be fine?|? Or is it too {a}?]
[It is|It's|It was] [so |very |too ]{a} [here|at home|where I live][. And|. What about|, how about|; how is it|. Is it the same|. Is it also {a}] in {p}{t}?
[Compared|Unlike] [to|with] here, is it {a} in {p}{t}?
[Nice|Lovely|Great|Terrible|Awful] [weather|day|sky] [today|here], [what about|how about|and] {p}?
[Somewhere|Out there|Far away] [in|near|around] {p} [my|our] [dog|friend|car|tent|plane] is [outside|waiting]. Is it {a}{t}?
[Let us|Let's|Let me] [see|check|look at|hear|know] the {w} [in|for|of] {p}{t}[.||, shall we?]
[Look up|Check|Find|Search|Consult] {p}{t}[. I need the {w}.| and tell me the {w}.|: will it {v}?|. Is it {a}?]
[Talking about|Speaking of|Regarding|Concerning|As for|About] {p}[, what is the {w}{t}?|: is it {a}{t}?|, will it {v}{t}?|, how is the weather?]
[What|Which] [clothes|weather|temperature|conditions|sky] [fits|fit|waits|can I expect|will I find|do they have|is it] in {p}{t}?
[My|The] [app|phone|radio|map|paper] [says|shows|said] [{n}|it is {a}|it will {v}] [in|for|over] {p}{t}[. Is it true?|, is that so?|. Can you confirm?|.]
[Good|Right|Fine|Great|Perfect] [day|time|moment] [to|for a] [walk|swim|picnic|run|visit|trip] in {p}{t}?
[Does|Do|Will] [anyone|everybody|the people|the kids|tourists] [need|wear|carry|want] {x} in {p}{t}?
[As|While|Because] I [leave|pack|plan|write], [what is the {w}|is it {a}|will it {v}] in {p}{t}?
{w} and [{w}|wind|rain] [in|for|at] {p}{t}[, please.|?||.]
[Is|Was] {p} [under|without|full of|free of] [snow|rain|fog|clouds|ice|water|smoke]{t}?
[When|At what time|How soon|How long] will [it {v}|the rain stop|the sun come out|it be {a}] in {p}{t}?
[We're|They're|I'm|She's|He's|You're|We'll be|I'll be|They'll be] {going} [to|into|towards|through] {p}{t}[; what will it be like?|; is it {a}?|, how is the {w}?|. Do [we|I|they] need {x}?|. Is it {a}?|; what {w} can [we|I] expect?]
[We're|They're|I'm|She's|He's|We've been|I've been|I'll be] [staying|living|working|camping|arriving|stuck|waiting] in {p}{t}[; will it {v}?|, is it {a}?|. How's the {w}?|. What's the {w}?|; what is the {w} now?]
[It'll|It will|It'd|That'll] be {a} in {p}{t}, [won't it|right|or not|isn't it]?
[Isn't it|Wasn't it|Won't it be|Wouldn't it be] {a} in {p}{t}?
[There's|There was|I've seen|I saw] {n} [in|over|near] {p}{t}[, isn't there?|. Is it bad?|, right?|. Will it last?]
[My|Our|His|Her|Their|The] {who} [is|are|was|were|will be] [having|spending|planning|enjoying|holding|giving] [a|the|their|his|her|some] {event} [in|near|around|at] {p}{t}[. | - |, |; |: |... ]{tail}
[My|Our|His|Her|Their|The] {who} [moved|went|flew|drove|travelled|came|wants to go|want to move|will travel|has to go] to {p}{t}[. | - |, |; |... ]{tail}
{event_now} [a|the|our|my] {event} in {p}{t}[. | - |, |; |: ]{tail}
[Our|The|A|My|This] {event} [is|takes place|starts|will be|happens|was moved] [in|near|to] {p}{t}[. | - |, |; |... ]{tail}
[We|I|They|You] [planned|booked|want|have|prepare|promised] [a|the|our] {event} [in|near|around|at] {p}{t}[. | - |, |; | and ask: ]{tail}
[Here|Today|Yesterday] it [is|was] {a}[. | - |, but |; ][and|how about|what about|tell me about] [in |]{p}{t}?
{tail} [I am|We are|They are|She is] [in|near|off to] {p}{t}.
""".strip().splitlines()

# What most people would ask, and so what must not be lost among the rest.
USUAL = ("[What's|What is|How's|How is] the [weather|weather|weather|weather|temperature|forecast][| like] [in|in|in|for] {p}[|||{t}]?")

OPENERS = ("Hi! ", "Hello. ", "Hey, ", "Please help: ", "Quick question: ", "Good morning! ", "Hi there, ", "Ok, ", "So, ", "Well, ",
           "Thanks. ", "One more thing: ", "Excuse me, ", "Sorry, ", "Hey there! ", "Hello, ", "Now ", "And ", "Also, ",
           "Good evening. ", "Dear assistant, ", "Be quick: ", "I have a question. ", "I'm curious: ", "Please, ", "Um, ",
           "Say, ", "Tell me, ", "By the way, ", "No rush, but ", "Let me ask: ", "Oh, ", "For my notes: ", "Hmm, ",
           "I hope I do not bother you. ", "I think I lost my phone, so ", "As I said, ", "I know I ask a lot: ", "While I wait, ",
           "It is {day}, ", "I am {f}. ", "{f} here: ", "Dear {f}, ")
CLOSERS = (" Thanks!", " Thank you.", " Please.", " I leave soon.", " Thanks", " I hope it is nice.", " Be brief.", " I need to pack.",
           " Thank you very much!", " Just a short answer.", " I have to plan my day.", " It is for work.", " Please hurry.",
           " I need to know.", " Use the tool.", " In Celsius, please.", " Cheers!", " I want to go out.", " What do you think?",
           " I appreciate it.", " No need for details.", " My bus leaves in ten minutes.")
WORDS = sorted({word for value in SLOTS.values() if isinstance(value, list) for text in value
                for word in text.replace("[", " ").replace("]", " ").replace("|", " ").split() if word.isalpha() and word.islower()}
               | set("some more really just about again maybe always never place trip plan people world little big small new old "
                     "good great best first last long short thing way time day year work home house street water food car road "
                     "think know want need like love hope see look make take give find help start stop open close".split()))


def scramble(rng, question, name):
    """Changes, drops or adds a few ordinary words, so that the place is found by itself and not by its sentence."""
    left, right = question.split(name, 1)

    def shake(text):
        words = text.split(" ")
        for at in range(len(words) - 1, -1, -1):
            plain = words[at].isalpha() and words[at].islower()
            luck = rng.random()
            if plain and luck < 0.10:
                words[at] = rng.choice(WORDS)
            elif plain and luck < 0.15:
                del words[at]
            elif plain and luck < 0.20:
                words.insert(at, rng.choice(WORDS))
            elif plain and luck < 0.22:
                words[at] = names.nonsense(rng)
        return " ".join(words)

    return shake(left) + name + shake(right)


def question(rng, name, plain=False):
    frame = USUAL if rng.random() < 0.08 else rng.choice(FRAMES)
    text = expand(rng, frame, {**SLOTS, "p": "\0"})
    if text.count("\0") != 1:  # a frame may offer the place twice: keep the last
        head, _, tail = text.rpartition("\0")
        text = head.replace("\0", "it") + "\0" + tail
    if not plain and rng.random() < 0.36:
        text = scramble(rng, text, "\0")
    text = text.strip()
    if text[0].islower() and rng.random() < 0.6:
        text = text[0].upper() + text[1:]
    elif rng.random() < 0.12 and not text.startswith("I"):
        text = text[0].lower() + text[1:]
    if not plain and rng.random() < 0.14:
        text = expand(rng, rng.choice(OPENERS), SLOTS) + (text[0].lower() + text[1:] if rng.random() < 0.5 and not text.startswith("I") else text)
    if not plain and rng.random() < 0.14:
        text += (" " if text[-1] in ".?!" else ". ").rstrip() + rng.choice(CLOSERS)
    # A name that ends in a full stop swallows the one that ends the sentence.
    return text.replace("\0.", name.rstrip(".") + ".").replace("\0", name)


def follow_up(rng, name):
    return expand(rng, rng.choice((
        "[And|What about|How about|And what about|And in|What about in|Now|Then|And for|Now check|And how is it in|Same for|"
        "Ok, and|Also|And now|The same for] {p}[?|{t}?| please.|, please?||.]",
        "And [is it {a}|will it {v}|what is the {w}] in {p}?", "Now the {w} in {p}[.|{t}.|, please.]")), {**SLOTS, "p": "\0"}
        ).replace("\0", name)
