package dev.slipway.engine.tokenizer.split;

/**
 * Writes spaces as another character, {@code ▁} nearly always, perhaps with one more in front, and cuts before each.
 *
 * @param replacement what a space becomes
 * @param prepend where one is put in front of a piece that has none
 * @param split whether to cut at all
 */
public record MetaspaceSplitter(char replacement, Prepend prepend, boolean split) implements Splitter {
    /** Where a space is added. */
    public enum Prepend {
        ALWAYS,
        /** At the very beginning of the text only. */
        FIRST,
        NEVER
    }

    @Override
    public PieceSink start(PieceSink out) {
        return (text, from, to, first) -> {
            boolean wanted = prepend == Prepend.ALWAYS || (prepend == Prepend.FIRST && first);
            char begin = text.charAt(from);
            boolean add = wanted && begin != ' ' && begin != replacement;
            String body = text.substring(from, to).replace(' ', replacement);
            String changed = add ? replacement + body : body;
            if (!split) {
                out.piece(changed, 0, changed.length(), first);
                return;
            }
            int last = 0;
            for (int at = 1; at < changed.length(); at++) {
                if (changed.charAt(at) == replacement) {
                    out.piece(changed, last, at, first && last == 0);
                    last = at;
                }
            }
            out.piece(changed, last, changed.length(), first && last == 0);
        };
    }
}
