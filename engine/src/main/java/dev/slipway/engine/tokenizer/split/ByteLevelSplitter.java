package dev.slipway.engine.tokenizer.split;

import java.nio.charset.StandardCharsets;

/**
 * What Hugging Face calls ByteLevel: perhaps a space in front of each piece, perhaps words as GPT-2 has them, and bytes
 * written as letters.
 *
 * @param spell whether the letters are written here; where an encoder of bytes comes next, it reads the text as it is
 */
public record ByteLevelSplitter(boolean addPrefixSpace, boolean words, boolean spell) implements Splitter {
    private static final Splitter WORDS = PatternSplitter.isolated(PreTokenizers.GPT2);

    /** The same, for an encoder that wants bytes. */
    public ByteLevelSplitter forBytes() {
        return new ByteLevelSplitter(addPrefixSpace, words, false);
    }

    @Override
    public PieceSink start(PieceSink out) {
        PieceSink spelt = spell ? spelling(out) : out;
        PieceSink cut = words ? WORDS.start(spelt) : spelt;
        if (!addPrefixSpace) {
            return cut;
        }
        return (text, from, to, first) -> {
            if (text.charAt(from) == ' ') {
                cut.piece(text, from, to, first);
            } else {
                String spaced = " " + text.substring(from, to);
                cut.piece(spaced, 0, spaced.length(), first);
            }
        };
    }

    private static PieceSink spelling(PieceSink out) {
        return (text, from, to, first) -> {
            byte[] bytes = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            String letters = ByteAlphabet.spell(bytes, bytes.length);
            out.piece(letters, 0, letters.length(), first);
        };
    }
}
