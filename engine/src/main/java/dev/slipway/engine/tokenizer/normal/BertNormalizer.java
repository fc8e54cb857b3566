package dev.slipway.engine.tokenizer.normal;

import dev.slipway.engine.tokenizer.pattern.CharacterSet;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;

/**
 * BERT's way to clean a text.
 *
 * @param cleanText whether control characters go and every white space becomes a space
 * @param chineseCharacters whether ideographs stand alone between spaces
 * @param stripAccents whether accents go
 * @param lowercase whether letters become small
 */
public record BertNormalizer(boolean cleanText, boolean chineseCharacters, boolean stripAccents, boolean lowercase)
        implements TextNormalizer {
    private static final int REPLACEMENT = 0xFFFD;

    @Override
    public String apply(String text) {
        String cleaned = cleanText || chineseCharacters ? clean(text) : text;
        List<TextNormalizer> steps = new ArrayList<>();
        if (stripAccents) {
            steps.add(TextNormalizer.form(Normalizer.Form.NFD));
            steps.add(TextNormalizer.STRIP_ACCENTS);
        }
        if (lowercase) {
            steps.add(TextNormalizer.LOWERCASE);
        }
        return TextNormalizer.all(steps).apply(cleaned);
    }

    private String clean(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            if (cleanText && (character == 0 || character == REPLACEMENT || TextNormalizer.isControl(character))) {
                continue;
            }
            if (cleanText && CharacterSet.SPACE.contains(character)) {
                out.append(' ');
            } else if (chineseCharacters && isIdeograph(character)) {
                out.append(' ').appendCodePoint(character).append(' ');
            } else {
                out.appendCodePoint(character);
            }
        }
        return out.toString();
    }

    /** The blocks of ideographs that BERT knows; not the Japanese and Korean letters. */
    public static boolean isIdeograph(int character) {
        return (character >= 0x4E00 && character <= 0x9FFF)
                || (character >= 0x3400 && character <= 0x4DBF)
                || (character >= 0x20000 && character <= 0x2A6DF)
                || (character >= 0x2A700 && character <= 0x2B73F)
                || (character >= 0x2B740 && character <= 0x2B81F)
                || (character >= 0x2B920 && character <= 0x2CEAF)
                || (character >= 0xF900 && character <= 0xFAFF)
                || (character >= 0x2F800 && character <= 0x2FA1F);
    }
}
