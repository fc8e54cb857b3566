package dev.slipway.engine.tokenizer.normal;

import dev.slipway.engine.tokenizer.pattern.CharacterProperties;
import dev.slipway.engine.tokenizer.pattern.CharacterSet;
import dev.slipway.engine.tokenizer.pattern.MatchFinder;
import dev.slipway.engine.tokenizer.pattern.SplitPattern;
import java.text.Normalizer;
import java.util.List;
import java.util.function.IntPredicate;

/** One way to rewrite a text. Safe for use by many threads. */
@FunctionalInterface
public interface TextNormalizer {
    /** Leaves every text as it is. */
    TextNormalizer NONE = text -> text;

    /** Makes letters small, each for itself. */
    TextNormalizer LOWERCASE = TextNormalizer::lowercase;

    /** Takes non-spacing marks away; accents have to be split off first. */
    TextNormalizer STRIP_ACCENTS =
            text -> keep(text, character -> Character.getType(character) != Character.NON_SPACING_MARK);

    /** Takes all combining marks away. */
    TextNormalizer STRIP_MARKS = text -> keep(text, character -> !CharacterProperties.MARK.contains(character));

    /** What SentencePiece's rule nmt drops and what it takes for a space. */
    TextNormalizer NMT = TextNormalizer::nmt;

    String apply(String text);

    /** Each rewrites what the one before gave. */
    static TextNormalizer all(List<TextNormalizer> normalizers) {
        List<TextNormalizer> steps = List.copyOf(normalizers);
        return text -> {
            String result = text;
            for (TextNormalizer step : steps) {
                result = step.apply(result);
            }
            return result;
        };
    }

    /** One of Unicode's normal forms. */
    static TextNormalizer form(Normalizer.Form form) {
        return text -> isAscii(text) ? text : Normalizer.normalize(text, form);
    }

    /** Takes white space away at the ends. */
    static TextNormalizer strip(boolean left, boolean right) {
        return text -> {
            int from = 0;
            int to = text.length();
            while (left && from < to && CharacterSet.SPACE.contains(text.charAt(from))) {
                from++;
            }
            while (right && to > from && CharacterSet.SPACE.contains(text.charAt(to - 1))) {
                to--;
            }
            return text.substring(from, to);
        };
    }

    /** Puts something in front of a text, unless it is empty. */
    static TextNormalizer prepend(String prefix) {
        return text -> text.isEmpty() ? text : prefix + text;
    }

    /** Replaces every match. */
    static TextNormalizer replace(SplitPattern pattern, String replacement) {
        return text -> {
            MatchFinder matches = pattern.finder(text, 0, text.length());
            StringBuilder out = null;
            int last = 0;
            while (matches.find()) {
                out = out == null ? new StringBuilder(text.length() + 16) : out;
                out.append(text, last, matches.start()).append(replacement);
                last = matches.end();
            }
            return out == null ? text : out.append(text, last, text.length()).toString();
        };
    }

    /** Replaces every occurrence of a text. */
    static TextNormalizer replace(String literal, String replacement) {
        return text -> text.replace(literal, replacement);
    }

    private static String lowercase(String text) {
        int at = 0;
        while (at < text.length() && isSmallAscii(text.charAt(at))) {
            at++;
        }
        if (at == text.length()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length()).append(text, 0, at);
        while (at < text.length()) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            out.appendCodePoint(Character.toLowerCase(character));
            if (character == 'İ') {
                // The only letter whose small form is two characters: an i and the dot above.
                out.append('\u0307');
            }
        }
        return out.toString();
    }

    private static boolean isSmallAscii(char unit) {
        return unit < 0x80 && (unit < 'A' || unit > 'Z');
    }

    private static String nmt(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints()
                .filter(character -> !isDroppedByNmt(character))
                .forEach(character -> out.appendCodePoint(isSpaceToNmt(character) ? ' ' : character));
        return out.toString();
    }

    private static boolean isDroppedByNmt(int c) {
        return (c >= 1 && c <= 8) || c == 0x0B || (c >= 0x0E && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F;
    }

    private static boolean isSpaceToNmt(int c) {
        return c == 0x09
                || c == 0x0A
                || c == 0x0C
                || c == 0x0D
                || c == 0x1680
                || (c >= 0x200B && c <= 0x200F)
                || c == 0x2028
                || c == 0x2029
                || c == 0x2581
                || c == 0xFEFF
                || c == 0xFFFD;
    }

    /** The characters that satisfy a condition. */
    private static String keep(String text, IntPredicate wanted) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().filter(wanted).forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** What BERT takes out: format and control characters, and what is not assigned. */
    static boolean isControl(int character) {
        return character != '\t'
                && character != '\n'
                && character != '\r'
                && CharacterProperties.OTHER.contains(character);
    }
}
