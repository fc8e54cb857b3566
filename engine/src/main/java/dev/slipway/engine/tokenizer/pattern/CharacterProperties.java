package dev.slipway.engine.tokenizer.pattern;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sets by the names that {@code \p{…}} takes: general categories, their groups, scripts and a few more. */
public final class CharacterProperties {
    private static final Map<String, Integer> CATEGORIES = Map.ofEntries(
            Map.entry("lu", bit(Character.UPPERCASE_LETTER)),
            Map.entry("ll", bit(Character.LOWERCASE_LETTER)),
            Map.entry("lt", bit(Character.TITLECASE_LETTER)),
            Map.entry("lm", bit(Character.MODIFIER_LETTER)),
            Map.entry("lo", bit(Character.OTHER_LETTER)),
            Map.entry("mn", bit(Character.NON_SPACING_MARK)),
            Map.entry("mc", bit(Character.COMBINING_SPACING_MARK)),
            Map.entry("me", bit(Character.ENCLOSING_MARK)),
            Map.entry("nd", bit(Character.DECIMAL_DIGIT_NUMBER)),
            Map.entry("nl", bit(Character.LETTER_NUMBER)),
            Map.entry("no", bit(Character.OTHER_NUMBER)),
            Map.entry("pc", bit(Character.CONNECTOR_PUNCTUATION)),
            Map.entry("pd", bit(Character.DASH_PUNCTUATION)),
            Map.entry("ps", bit(Character.START_PUNCTUATION)),
            Map.entry("pe", bit(Character.END_PUNCTUATION)),
            Map.entry("pi", bit(Character.INITIAL_QUOTE_PUNCTUATION)),
            Map.entry("pf", bit(Character.FINAL_QUOTE_PUNCTUATION)),
            Map.entry("po", bit(Character.OTHER_PUNCTUATION)),
            Map.entry("sm", bit(Character.MATH_SYMBOL)),
            Map.entry("sc", bit(Character.CURRENCY_SYMBOL)),
            Map.entry("sk", bit(Character.MODIFIER_SYMBOL)),
            Map.entry("so", bit(Character.OTHER_SYMBOL)),
            Map.entry("zs", bit(Character.SPACE_SEPARATOR)),
            Map.entry("zl", bit(Character.LINE_SEPARATOR)),
            Map.entry("zp", bit(Character.PARAGRAPH_SEPARATOR)),
            Map.entry("cc", bit(Character.CONTROL)),
            Map.entry("cf", bit(Character.FORMAT)),
            Map.entry("cs", bit(Character.SURROGATE)),
            Map.entry("co", bit(Character.PRIVATE_USE)),
            Map.entry("cn", bit(Character.UNASSIGNED)));

    private static final Map<String, String> GROUPS = Map.ofEntries(
            Map.entry("letter", "l"),
            Map.entry("mark", "m"),
            Map.entry("number", "n"),
            Map.entry("punctuation", "p"),
            Map.entry("symbol", "s"),
            Map.entry("separator", "z"),
            Map.entry("other", "c"));

    public static final CharacterSet LETTER = group("l");
    public static final CharacterSet MARK = group("m");
    public static final CharacterSet NUMBER = group("n");
    public static final CharacterSet DECIMAL = CharacterSet.ofCategories(bit(Character.DECIMAL_DIGIT_NUMBER));
    public static final CharacterSet PUNCTUATION = group("p");
    public static final CharacterSet OTHER = group("c");

    /** What {@code \w} means: letters, marks, decimal digits and connectors. */
    public static final CharacterSet WORD =
            LETTER.or(MARK).or(DECIMAL).or(CharacterSet.ofCategories(bit(Character.CONNECTOR_PUNCTUATION)));

    private CharacterProperties() {}

    /** The set of a name, whichever way it is capitalised. */
    static Optional<CharacterSet> named(String name) {
        String key = name.toLowerCase(Locale.ROOT).replace(" ", "").replace("_", "");
        String group = GROUPS.getOrDefault(key, key);
        if (group.length() == 1 && GROUPS.containsValue(group)) {
            return Optional.of(group(group));
        }
        if (CATEGORIES.containsKey(key)) {
            return Optional.of(CharacterSet.ofCategories(CATEGORIES.get(key)));
        }
        return switch (key) {
            case "space", "whitespace" -> Optional.of(CharacterSet.SPACE);
            case "digit" -> Optional.of(DECIMAL);
            case "any" -> Optional.of(CharacterSet.ANY);
            default -> script(name);
        };
    }

    private static CharacterSet group(String first) {
        int categories = 0;
        for (Map.Entry<String, Integer> category : CATEGORIES.entrySet()) {
            if (category.getKey().startsWith(first)) {
                categories |= category.getValue();
            }
        }
        return CharacterSet.ofCategories(categories);
    }

    private static Optional<CharacterSet> script(String name) {
        Character.UnicodeScript script;
        try {
            script = Character.UnicodeScript.forName(name);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        int[] ranges = new int[64];
        int size = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (Character.UnicodeScript.of(codePoint) != script) {
                continue;
            }
            if (size > 0 && ranges[size - 1] == codePoint - 1) {
                ranges[size - 1] = codePoint;
                continue;
            }
            if (size == ranges.length) {
                ranges = Arrays.copyOf(ranges, size * 2);
            }
            ranges[size++] = codePoint;
            ranges[size++] = codePoint;
        }
        return Optional.of(CharacterSet.ofRanges(Arrays.copyOf(ranges, size)));
    }

    private static int bit(byte category) {
        return 1 << category;
    }
}
