package dev.slipway.engine.tokenizer.normal;

/**
 * SentencePiece's way with spaces: each becomes {@code ▁}.
 *
 * @param removeExtra whether spaces at the ends go and several in a row become one
 * @param addPrefix whether a text that is not empty is read as if a space came before it
 */
public record SpacedNormalizer(boolean removeExtra, boolean addPrefix) implements TextNormalizer {
    private static final char SPACE = '▁';

    @Override
    public String apply(String text) {
        StringBuilder out = new StringBuilder(text.length() + 1);
        boolean prefix = addPrefix;
        boolean pending = false;
        for (int at = 0; at < text.length(); at++) {
            char unit = text.charAt(at);
            if (unit == ' ') {
                pending = true;
                if (!removeExtra) {
                    out.append(SPACE);
                }
                continue;
            }
            // A prefix among spaces that are kept can stand anywhere among them.
            if (prefix || (removeExtra && pending && !out.isEmpty())) {
                out.append(SPACE);
            }
            prefix = false;
            pending = false;
            out.append(unit);
        }
        return out.toString();
    }
}
