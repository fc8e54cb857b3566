package dev.slipway.engine.tokenizer.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Text of many scripts, with code, numbers, emoji, marks and odd white space; the same for the same seed. */
final class MixedText {
    private static final List<String> ENGLISH = List.of(
            ("the of and to in is that it was for on are with as his they be at one have this from or had by hot but some"
                            + " what there we can out other were all your when up use word how said an each she which do their time"
                            + " if will way about many then them would write like so these her long make thing see him two has look"
                            + " more day could go come did my sound no most number who over know water than call first people may"
                            + " down side been now find internationalisation unbelievable tokenizer vocabulary")
                    .split(" "));

    private static final List<String> SNIPPETS = List.of(
            "I'm",
            "we'll",
            "DON'T",
            "They've",
            "it's",
            "you'd",
            "'tis",
            "O'Neill's",
            "we’re",
            "'LL",
            "x's\n",
            "if (x_1 >= 10) {\n\t\treturn foo(bar, 3.14);\n}\n",
            "http://example.org/a?b=c&d=%20",
            "<br/>\n\n\n",
            "f(x)=x^2+~y|z`w`",
            "$1,234.56",
            "camelCaseWordHTTPServer",
            "/* !! */",
            "[1:2]",
            "#include <a.h>\r\n",
            "🦙",
            "👩‍👩‍👧‍👦",
            "🇩🇪🇫🇷",
            "👍🏽",
            "❤️",
            "e\u0301te\u0301",
            "n\u0303o",
            "Å",
            "ﬁn",
            "ß",
            "İstanbul",
            "Ⅷ",
            "½",
            "²",
            "٣٤٥",
            "१२३",
            "αβγ",
            "→∀∃",
            "€£¥",
            "…—“”„",
            "。、！？",
            "«»",
            "\u200d",
            "\u00ad",
            "ǅ",
            "ʰ",
            "ª");

    private static final List<String> SPACES = List.of(
            " ", " ", " ", " ", " ", "  ", "   ", "       ", "\t", "\n", "\n\n", "\r\n", "\n  ", "  \n", " \n \n",
            "\u00a0", "\u3000", "\u2003", " \t ", "");

    /** First and last code points from which words are made. */
    private static final int[][] SCRIPTS = {
        {0x61, 0x7A},
        {0xC0, 0x17E},
        {0x3B1, 0x3C9},
        {0x410, 0x44F},
        {0x561, 0x586},
        {0x5D0, 0x5EA},
        {0x621, 0x64A},
        {0x905, 0x94D},
        {0xB85, 0xBCD},
        {0xE01, 0xE4E},
        {0x10D0, 0x10F0},
        {0x1200, 0x1248},
        {0x3041, 0x3094},
        {0x30A1, 0x30FA},
        {0x4E00, 0x9FA5},
        {0xAC00, 0xD7A3},
        {0x1E00, 0x1EFF},
        {0x1F00, 0x1F15},
        {0x20000, 0x2A6D6},
        {0x10400, 0x1044F},
        {0x1D400, 0x1D454},
    };

    /** Blocks of any characters; each is older than the Unicode of the oldest table that a peer reads. */
    private static final int[][] NOISE = {
        {0x01, 0x2AF},
        {0x2B0, 0x52F},
        {0x620, 0x6FF},
        {0x900, 0x97F},
        {0xE01, 0xE5B},
        {0x1100, 0x11FF},
        {0x13A0, 0x13F4},
        {0x1681, 0x169C},
        {0x1E00, 0x1FFF},
        {0x2000, 0x20A0},
        {0x2100, 0x218B},
        {0x2190, 0x23FA},
        {0x2460, 0x27BF},
        {0x2E00, 0x2E42},
        {0x3000, 0x30FF},
        {0xFE30, 0xFE4F},
        {0xFF01, 0xFFEE},
        {0x1F300, 0x1F579},
    };

    private final Random random;
    private final StringBuilder text = new StringBuilder();

    private MixedText(long seed) {
        random = new Random(seed);
    }

    /** At least that many characters. */
    static String of(long seed, int characters) {
        MixedText mixed = new MixedText(seed);
        while (mixed.text.length() < characters) {
            mixed.add();
        }
        return mixed.text.toString();
    }

    /** Nothing but English sentences, in parts. */
    static List<String> english(long seed, int characters, int part) {
        List<String> parts = new ArrayList<>();
        MixedText mixed = new MixedText(seed);
        for (int done = 0; done < characters; done += part) {
            mixed.text.setLength(0);
            while (mixed.text.length() < part) {
                mixed.sentence();
            }
            parts.add(mixed.text.toString());
        }
        return parts;
    }

    /** The same in parts, each whole characters. */
    static List<String> parts(long seed, int characters, int part) {
        List<String> parts = new ArrayList<>();
        for (int done = 0; done < characters; done += part) {
            parts.add(of(seed + parts.size(), part));
        }
        return parts;
    }

    private void add() {
        int kind = random.nextInt(100);
        Supplier<String> piece = kind < 30
                ? () -> pick(ENGLISH)
                : kind < 45 ? () -> pick(SNIPPETS) : kind < 55 ? this::number : kind < 57 ? this::noise : this::word;
        text.append(piece.get()).append(pick(SPACES));
        if (random.nextInt(12) == 0) {
            text.append(".,;:!?-'\"()".charAt(random.nextInt(11)));
        }
    }

    private void sentence() {
        int words = random.nextInt(4, 16);
        for (int i = 0; i < words; i++) {
            String word = pick(ENGLISH);
            text.append(i == 0 ? word.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + word.substring(1) : word);
            text.append(i + 1 < words ? random.nextInt(10) == 0 ? ", " : " " : ". ");
        }
        if (random.nextInt(6) == 0) {
            text.append("\n\n");
        }
    }

    private String number() {
        return String.valueOf(random.nextLong(1L << random.nextInt(1, 60)));
    }

    private String word() {
        int[] script = SCRIPTS[random.nextInt(SCRIPTS.length)];
        StringBuilder word = new StringBuilder();
        IntStream.range(0, random.nextInt(1, 9)).forEach(i -> {
            int codePoint = random.nextInt(script[0], script[1] + 1);
            if (Character.isDefined(codePoint)) {
                word.appendCodePoint(random.nextInt(20) == 0 ? Character.toUpperCase(codePoint) : codePoint);
            }
        });
        return word.toString();
    }

    /** Any characters of some blocks. */
    private String noise() {
        StringBuilder noise = new StringBuilder();
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            int[] block = NOISE[random.nextInt(NOISE.length)];
            int codePoint = random.nextInt(block[0], block[1] + 1);
            if (Character.isDefined(codePoint)) {
                noise.appendCodePoint(codePoint);
            }
        }
        return noise.toString();
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
