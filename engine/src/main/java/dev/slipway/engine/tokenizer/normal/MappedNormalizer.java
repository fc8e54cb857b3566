package dev.slipway.engine.tokenizer.normal;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;

/**
 * Rewrites a text by a {@link CharacterMap}.
 *
 * <p>SentencePiece replaces the longest entry at each place. Hugging Face's tokenizers look up what a reader takes for
 * one character, when it is short, and else each code point, and of several entries take the shortest; their models
 * were trained with the former but are run with the latter, so each file's own way is kept.
 */
public final class MappedNormalizer implements TextNormalizer {
    /** Longest cluster, in bytes, that Hugging Face looks up as a whole. */
    private static final int LONGEST_CLUSTER = 5;

    private final CharacterMap map;
    private final boolean byCluster;

    private MappedNormalizer(CharacterMap map, boolean byCluster) {
        this.map = map;
        this.byCluster = byCluster;
    }

    /** The way of SentencePiece, and of GGUF files. */
    public static MappedNormalizer longest(CharacterMap map) {
        return new MappedNormalizer(map, false);
    }

    /** The way of {@code tokenizer.json}. */
    public static MappedNormalizer byCluster(CharacterMap map) {
        return new MappedNormalizer(map, true);
    }

    @Override
    public String apply(String text) {
        return byCluster ? clusters(text) : longest(text);
    }

    private String longest(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(text.length() + 16);
        int from = 0;
        for (int at = 0; at < bytes.length; ) {
            CharacterMap.Match match = map.begins(bytes[at] & 0xFF)
                    ? map.find(bytes, at, bytes.length, false)
                    : map.find(bytes, at, at, false);
            if (match.length() == 0) {
                at += width(bytes[at]);
                continue;
            }
            out.append(new String(bytes, from, at - from, StandardCharsets.UTF_8))
                    .append(map.replacement(match));
            at += match.length();
            from = at;
        }
        return from == 0
                ? text
                : out.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
                        .toString();
    }

    private static int width(byte first) {
        int value = first & 0xFF;
        return value < 0xC0 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
    }

    private String clusters(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
        breaks.setText(text);
        int at = 0;
        while (at < text.length()) {
            // Two ASCII characters in a row are two clusters, but for a carriage return and a line feed.
            boolean plain = text.charAt(at) < 0x80
                    && text.charAt(at) != '\r'
                    && (at + 1 == text.length() || text.charAt(at + 1) < 0x80);
            int end = plain ? at + 1 : breaks.following(at);
            cluster(text, at, end, out);
            at = end;
        }
        return out.toString();
    }

    private void cluster(String text, int from, int to, StringBuilder out) {
        if (to - from == 1 && text.charAt(from) < 0x80 && !map.begins(text.charAt(from))) {
            out.append(text.charAt(from));
            return;
        }
        byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LONGEST_CLUSTER) {
            CharacterMap.Match whole = map.find(bytes, 0, bytes.length, true);
            if (whole.length() > 0) {
                out.append(map.replacement(whole));
                return;
            }
        }
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + width(bytes[at]));
            CharacterMap.Match one = map.find(bytes, at, end, true);
            out.append(
                    one.length() > 0 ? map.replacement(one) : new String(bytes, at, end - at, StandardCharsets.UTF_8));
            at = end;
        }
    }
}
