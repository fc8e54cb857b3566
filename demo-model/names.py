"""Synthetic place names, person names and identifiers.

The model must copy a name, not know it, so nearly all names are invented here: syllables in the manner of many
languages, random letters, several words, particles, hyphens, apostrophes, accents and other scripts.
"""

# The only real places in training besides the capitals of knowledge.py. Kept short on purpose.
REAL_PLACES = (
    "London", "Paris", "Tokyo", "New York", "Los Angeles", "San Francisco", "Berlin", "Sydney", "Chicago", "Boston",
    "Seattle", "Mumbai", "Toronto", "Barcelona", "Hamburg",
)
REAL_REGIONS = (
    "France", "Germany", "Italy", "Spain", "Japan", "England", "Canada", "Brazil", "India", "China", "Mexico", "UK",
    "USA", "CA", "NY", "TX", "California", "Texas", "Scotland",
)

# One line a manner: starts, middles, ends of a name.
MANNERS = [tuple(part.split() for part in line.split("|")) for line in """
Al Bar Ben Car Dan El Fer Gar Hal In Jor Kel Lan Mar Nor Or Pel Quin Ros Sal Tor Ul Ver Wal Yar Zan | a e i o u an en in on er ar or al el il | ton ford ham bury ley wick burg ville field mouth dale worth stead by well bridge pool port chester don
Ba Be Bo Ca Ce Co Da De Do Fa Ga Go La Le Lo Ma Me Mo Na Pa Pe Po Ra Ri Ro Sa Se So Ta Te To Va Ve Vi Za | ra re ri ro ru la le li lo lu na ne ni no nu ta te ti to da de di do sa se si so ca cu gua | na no sa ra ro la lo ta to ca co da do za zo lla llo nte nza res les go ga ria rio lia cia dad
Aa Bre Dres Ei Frei Göt Grün Hei Jü Kö Lü Mün Nürn Ober Ost Schwa Stutt Über Unter Wei Wol Würz Zwi Bo Du Es Gel Kob Lein | ber den el en er fels hau hei ken len lin mar men nen rei ren sch sen stei wal zen | burg berg dorf stadt hausen heim ingen au bach feld furt hafen kirchen rode brück tal wald stein
Kra Wro Gda Łó Poz Byd Lub Rze Szcze Zie Ziel Kato Gliw Ostr Brze Cho Prz Sło Świe Żyr Bia Tar | no na wi ko lo dzi cz sz go ra ro bo za cze li sta ry | ków ów sk ław cin no ce wice ica owo ń nia ński sko sławiec dź
Ō Kyo Saka Na Naga Fuku Hiro Yoko Sap Sen Kuma Kago Oka Matsu Taka Toya Hama Ki Chi Ni | shi ka ga ya ma no ra ri ta to ko ki mi sa su na | ka ya ma shima saki to ta ra da wa moto oka zawa yama gawa hara
Rey Akur Hús Sel Kópa Kefl Vest Ísa Bor Stav Trom Ber Åle Mal Gö Häl Örn Väs Upp Lin Jön Øy Tønd År Ros Hel Tur Es Jy Oulu | ja ju ku ra va na ni ki ri la ga gar den sun ska sten | vík borg fjörður nes eyri holt sund vik ger sø stad ås mo by köping näs hamn vaara järvi lä nen poo ki
Ba Bei Chang Cheng Chong Da Fu Guang Gui Hang Hai Hu Ji Jin Kun Lan Nan Ning Qing Shang Shen Shi Su Tai Tian Wu Xi Xia Yan Zheng Zhu Quan | | hai jing zhou dao yang ning du chang tou guan xing shan feng tong an qu li men
Ab Ac Ad Ak Bam Bu Da Dou Ga Ka Ki Ko Lu Mbe Mo Mwa Na Nai Ndo Nia Oua Ou Yao Zin Tshi Tim Khar Ly Nya | ba bi bu da di ga go ka ki ku la li lo ma mba mbo ndi ngu ra ri sa sha ta wa ya za | ba bi bo da dougou ga jan ké ko ku la lla lo ma mey mi ndé ngwe ra ri sha so ssou tou wi ya
Ah An Ba Bang Bho Chan Che Coim De Gu Hai Ja Jai Jodh Kan Kol Luck Ma Mad Mum My Na Pu Ra Su Thi Tri Va Vi Vij | ra ru ri la li na ni da di ma mi ba pa ta va ya ga ka sha | bad pur nagar ndra kota puram lur luru ore garh gar tta i patnam war nai hati mangalam wala
A Be Bo Bu Ca Cha Cler Di Gre Lan Li Lyo Mar Mont Mul Nan Nî Or Per Poi Ren Rou Stras Tou Tro Va Ver Épi Or Angou | bé bo cou ge gre lan lou mou nel pel pi ra ri sa va lê ré | bourg bert ble ges gnan lin louse mes mont nes noble non on ois rges rs tiers ville vreux xerre lier lême
A Be Bre Bu Ca Cluj Con Cra Do Ga Gi I Ol Pi Plo Re Să Si Su Ti Târ Ţi Vas Sof Plov Var Ni Su Za | bo co da go ie la lo mi na ni ra ri si ta to va vi ve bi | şoara şti iţa nţa oara escu ova ov iu eni na dava grad nik vdiv rica brod mir ište ćevo žin
An Bo Ça De Di Er Es Ga Ka Ko Ma Mer O Sa Si Şan Tra Uş Van Yo Zon Bur İz Ağ Ay Be | bu da dır du ka la ma mu na ra ri sa sü ya zi | ak an ara bul bzon dağ dere hir in kale kır lı mir pınar ray sun şehir tepe yurt zığ
Ha Ho Kai Ka Lo Ma Mo Na Nu Pa Pu Rai Ro Ta Te Tu Wai Wha Ke Apia Vai Hilo Su | ha hi ka ku la lo ma na ne nga ni pa ra ri ta to tu wa | au hu kai ki la lua mea nga nui pai pu rei roa ru rua tea tu va wa
Ad Ah Al Am As Ba Bag Da Do Fa Ha Jed Ji Kar Kha Ku Man Mar Mas Mos Muk Ra Ri Sa Sha Tab Te Tri Um Zah Mogh | ba da di ha ja ka la li ma na qa ra ri ru sa | ad bad bala bar dah dan har iyah jah kech khar kut la lam mah man qat ra raq riz rut san shahr sul yadh zan
""".strip().splitlines()]

SCRIPTS = {
    "Cyrillic": ("АБВГДЕКЛМНОПРСТУХЯ", "абвгдежзийклмнопрстуфхцчшыьюя"),
    "Greek": ("ΑΒΓΔΘΚΛΜΝΠΡΣΤ", "αβγδεζηθικλμνοπρστυωάέήίόύ"),
    "Han": ("", "東京上海北南西大阪名古屋広島島山川田中州江安城重慶武漢天津青台成都沙門原石福"),
    "Kana": ("", "アイウエオカキクケコサシスセタチツテトナニヌネハヒフヘホマミムモラリルレロンー"),
    "Hangul": ("", "서울부산인천대구광주원수성남제전포항경강릉김해"),
    "Arabic": ("", "ابتثجحخدرزسشصطعغفقكلمنهوي"),
    "Hebrew": ("", "אבגדהוזחטיכלמנסעפצקרשת"),
    "Thai": ("", "กขคงจชตถทนบปพมยรลวสหอ"),
    "Devanagari": ("", "दलिमुबईचनकतापरशहगव"),
}
BEFORE = ("New", "San", "Santa", "Saint", "St.", "St", "Los", "Las", "El", "La", "Le", "Port", "Fort", "Mount", "Cape",
          "North", "South", "East", "West", "Bad", "Al", "Sidi", "Rio", "Villa", "Puerto", "Nova", "Upper", "Kuala", "Sint",
          "Old", "Great", "Little", "Lower", "Santo", "São", "Ciudad", "Lake", "Nizhny", "Bandar", "Phnom", "Hat", "Tel")
AFTER = ("City", "Beach", "Falls", "Springs", "Park", "Bay", "Hill", "Hills", "Island", "Lake", "Town", "Heights", "Valley",
         "Creek", "Point", "Rapids", "Rouge", "Junction", "Grove", "Rock", "Harbour", "Wells", "Sur", "Norte", "Alto")
JOINTS = ("de", "de la", "del", "da", "do", "dos", "das", "di", "am", "an der", "im", "upon", "on", "under", "of", "sur",
          "en", "le", "la", "les", "al", "el", "et", "in", "bei", "ob der", "by the", "de los", "de las", "na", "nad", "y",
          "van", "den", "and", "of", "of", "of", "on", "on", "on", "upon", "am", "de", "of the", "de la")
HYPHENS = ("-", "-", "-", "-sur-", "-en-", "-de-", "-on-", "-upon-", "-le-", "-la-", "-du-", "-sous-", "-les-", "-by-",
           "-in-", "-el-", "-au-", "-am-", "-an-der-")
ELISIONS = ("L'", "D'", "O'", "N'", "Sant'", "M'", "Xi'", "Ya'", "Ma'", "Coeur d'", "Val d'", "Côte d'", "L’", "Ta'", "Be'er ")
ACCENTS = {"a": "áàâãäåāă", "e": "éèêëęēě", "i": "íìîïī", "o": "óòôõöøō", "u": "úùûüūů", "n": "ñńň", "c": "çćč", "s": "šśß",
           "z": "žźż", "l": "ł", "y": "ý", "d": "đ", "t": "ț", "r": "ř", "g": "ğ"}
TONED = dict(zip("aeiouyd", ("ạảấầẩẫậắằẳẵặ", "ẹẻẽếềểễệ", "ỉị", "ọỏốồổỗộớờởỡợ", "ụủứừửữựư", "ỳỵỷỹ", "đ")))  # Vietnamese
LOWER, UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FIRST_NAMES = ("Anna", "Ben", "Clara", "David", "Emma", "Felix", "Grace", "Hugo", "Ida", "Jack", "Kim", "Leo", "Maria",
               "Nina", "Omar", "Priya", "Rosa", "Sam", "Tom", "Yuki")


def syllables(rng):
    starts, middles, ends = rng.choice(MANNERS)
    if rng.random() < 0.35:  # mix the manners, so that no manner is learned by heart
        ends = rng.choice(MANNERS)[2]
    count = rng.choices((0, 1, 2, 3), (45, 38, 14, 3))[0] if middles else 0
    return rng.choice(starts) + "".join(rng.choice(middles) for _ in range(count)) + rng.choice(ends)


def letters(rng):
    """No language at all: any letters, sometimes with doubles, so that copying cannot lean on spelling habits."""
    length = rng.randint(2, 11)
    name = rng.choice(UPPER) + "".join(rng.choice(LOWER) for _ in range(length))
    if rng.random() < 0.3:
        at = rng.randrange(1, len(name))
        name = name[:at] + name[at] + name[at:]
    if rng.random() < 0.15:  # an echo, the hardest thing for copying by matching what came before
        piece = name[1:1 + rng.randint(1, 3)]
        name += piece
    return name


def word(rng):
    name = syllables(rng) if rng.random() < 0.62 else letters(rng)
    if rng.random() < 0.16:
        marks = TONED if rng.random() < 0.2 else ACCENTS
        places = [at for at, letter in enumerate(name) if letter in marks or at == 0 and letter.lower() in marks]
        for at in rng.sample(places, min(len(places), rng.randint(1, 2))):
            marked = rng.choice(marks[name[at].lower()])
            name = name[:at] + (marked.upper() if at == 0 and len(marked.upper()) == 1 else marked) + name[at + 1:]
    return name


def foreign(rng):
    first, rest = SCRIPTS[rng.choice(list(SCRIPTS))]
    short = len(rest) > 36 and not first
    start = rng.choice(first) if first else ""
    return start + "".join(rng.choice(rest) for _ in range(rng.randint(2, 4) if short else rng.randint(3, 7)))


def place(rng):
    kind = rng.random()
    if kind < 0.43:
        return word(rng)
    if kind < 0.50:
        first, second, luck = word(rng), word(rng), rng.random()
        if luck < 0.08:  # a double, and a rhyme: the letters before the next one occur twice
            second = first
        elif luck < 0.16:
            second = rng.choice(UPPER) + first[1:]
        return first + rng.choice("   -") + second
    if kind < 0.58:
        return f"{rng.choice(BEFORE)} {word(rng)}"
    if kind < 0.62:
        return f"{word(rng)} {rng.choice(AFTER)}"
    if kind < 0.71:
        return f"{word(rng)} {rng.choice(JOINTS)} {word(rng)}"
    if kind < 0.77:
        return f"{word(rng)}{rng.choice(HYPHENS)}{word(rng)}"
    if kind < 0.82:
        elided = rng.choice(ELISIONS)
        return elided + word(rng) if rng.random() < 0.7 else f"{word(rng)} {elided}{word(rng)}"
    if kind < 0.85:
        tail = rng.choice(("'s", "s", "'", "’s"))
        if rng.random() < 0.35:
            return f"{rng.choice(('', 'St. ', 'Fort '))}{word(rng)}'s"
        return f"{rng.choice(('', '', 'St. '))}{word(rng)}{tail} {word(rng)}"
    if kind < 0.895:
        if rng.random() < 0.2:
            return f"{word(rng)} {word(rng)} {word(rng)} {rng.choice(AFTER)}"
        return " ".join(word(rng) for _ in range(3)) if rng.random() < 0.6 else f"{rng.choice(BEFORE)} {word(rng)} {word(rng)}"
    if kind < 0.955:
        return foreign(rng)
    if kind < 0.97:
        return f"{rng.choice(BEFORE)} {word(rng)} {rng.choice(JOINTS)} {word(rng)}"
    return rng.choice(REAL_PLACES)


def region(rng):
    kind = rng.random()
    if kind < 0.25:
        return rng.choice(REAL_REGIONS)
    if kind < 0.45:
        return rng.choice(UPPER) + rng.choice(UPPER)
    if kind < 0.55:
        return f"{rng.choice(BEFORE)} {word(rng)}"
    return word(rng)


def located(rng, comma=0.13):
    """A place as someone would say it, now and then with its country or state."""
    name = place(rng)
    if rng.random() < comma:
        name += f", {region(rng)}"
    return name


def person(rng):
    return rng.choice(FIRST_NAMES) if rng.random() < 0.4 else word(rng)


def nonsense(rng):
    """A lower-case word of no meaning, for filler and identifiers."""
    length = rng.randint(2, 4)
    return "".join(rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(length))[:rng.randint(3, 8)]


def identifier(rng):
    pieces = [nonsense(rng) for _ in range(rng.randint(1, 2))]
    return "_".join(pieces) if rng.random() < 0.8 else pieces[0] + "".join(p.capitalize() for p in pieces[1:])
