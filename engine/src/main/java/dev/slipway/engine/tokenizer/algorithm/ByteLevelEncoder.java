package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.split.ByteAlphabet;
import dev.slipway.engine.tokenizer.split.PieceSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;

/** Byte-level BPE: a word is a row of bytes, which merge by rank. */
public final class ByteLevelEncoder implements WordEncoder {
    private static final byte UNTRIED = 0;
    private static final byte STABLE = 1;
    private static final byte UNSTABLE = 2;

    /** Numbers of tokens, and from {@link #vocabularySize} on of what only ever stands between two merges. */
    private final ByteIndex symbols;

    private final MergeTable merges;
    private final int[] byteSymbols = new int[256];
    private final int vocabularySize;
    private final byte[][] extraSymbols;
    private final boolean wholeWords;
    private final OptionalInt unknown;

    /**
     * Whether the merges make of a token's bytes that very token. Then a word that is a token needs no merging, which is
     * most words of most texts. Found out when the token first comes up; every thread finds the same.
     */
    private final byte[] stability;

    /**
     * An encoder.
     *
     * @param tokens the vocabulary, spelt in {@link ByteAlphabet}
     * @param usable the ids of tokens that text can become
     * @param mergeList most preferred first
     * @param wholeWords whether a word that is a token stands for itself, whatever the merges would make of it
     * @param unknown stands for a byte without a token
     */
    public ByteLevelEncoder(
            List<String> tokens, BitSet usable, List<Merge> mergeList, boolean wholeWords, OptionalInt unknown) {
        this.wholeWords = wholeWords;
        this.unknown = unknown;
        vocabularySize = tokens.size();
        stability = new byte[vocabularySize];
        symbols = new ByteIndex(vocabularySize);
        Spelling spelling = new Spelling();
        for (int id = usable.nextSetBit(0); id >= 0; id = usable.nextSetBit(id + 1)) {
            if (spelling.read(tokens.get(id), 0) > 0) {
                symbols.putIfAbsent(spelling.bytes, 0, spelling.length, id);
            }
        }
        Extras extras = new Extras();
        for (int value = 0; value < 256; value++) {
            byteSymbols[value] = extras.symbol(new byte[] {(byte) value}, 0, 1);
        }
        merges = new MergeTable(mergeList.size());
        for (int rank = 0; rank < mergeList.size(); rank++) {
            Merge merge = mergeList.get(rank);
            int cut = spelling.read(merge.left(), 0);
            int length = cut < 1 ? cut : spelling.read(merge.right(), cut);
            // A part with a letter outside the alphabet can never come out of bytes.
            if (cut > 0 && length > cut) {
                byte[] bytes = spelling.bytes;
                merges.add(
                        extras.symbol(bytes, 0, cut),
                        extras.symbol(bytes, cut, length - cut),
                        rank,
                        extras.symbol(bytes, 0, length));
            }
        }
        extraSymbols = Arrays.copyOf(extras.all, extras.count);
    }

    /** Numbers what is no token. */
    private final class Extras {
        private byte[][] all = new byte[256][];
        private int count;

        int symbol(byte[] bytes, int from, int length) {
            int next = vocabularySize + count;
            int number = symbols.putIfAbsent(bytes, from, length, next);
            if (number == next) {
                if (count == all.length) {
                    all = Arrays.copyOf(all, count * 2);
                }
                all[count++] = Arrays.copyOfRange(bytes, from, from + length);
            }
            return number;
        }
    }

    /** Reads the alphabet into an array that is used again. */
    private static final class Spelling {
        private byte[] bytes = new byte[256];
        private int length;

        /** Puts the bytes of a text at a place; returns where they end, or -1 when it has other letters. */
        int read(String text, int at) {
            if (at + text.length() > bytes.length) {
                bytes = Arrays.copyOf(bytes, (at + text.length()) * 2);
            }
            length = at;
            for (int i = 0; i < text.length(); i++) {
                int value = ByteAlphabet.value(text.charAt(i));
                if (value < 0) {
                    return -1;
                }
                bytes[length++] = (byte) value;
            }
            return length;
        }
    }

    @Override
    public PieceSink start(TokenBuffer out) {
        return new Run(out);
    }

    private final class Run implements PieceSink {
        private final TokenBuffer out;
        private final Merger merger = new Merger(merges);
        private byte[] bytes = new byte[64];
        private int[] row = new int[64];

        Run(TokenBuffer out) {
            this.out = out;
        }

        @Override
        public void piece(String text, int from, int to, boolean first) {
            // A surrogate pair has four bytes for its two units, everything else at most three for one.
            int most = Math.multiplyExact(to - from, 3);
            if (bytes.length < most) {
                bytes = new byte[most];
            }
            int length = Utf8.encode(text, from, to, bytes);
            if (row.length < length) {
                row = new int[length];
            }
            int whole = symbols.find(bytes, 0, length);
            if (whole >= 0 && whole < vocabularySize && (wholeWords || stability[whole] == STABLE)) {
                out.add(whole);
                return;
            }
            for (int i = 0; i < length; i++) {
                row[i] = byteSymbols[bytes[i] & 0xFF];
            }
            int count = merger.merge(row, length);
            if (whole >= 0 && whole < vocabularySize && stability[whole] == UNTRIED) {
                stability[whole] = count == 1 && row[0] == whole ? STABLE : UNSTABLE;
            }
            if (extraSymbols.length == 0) {
                out.addAll(row, count);
                return;
            }
            for (int i = 0; i < count; i++) {
                addSymbol(row[i]);
            }
        }

        /** A symbol without a token falls apart into its bytes. */
        private void addSymbol(int symbol) {
            if (symbol < vocabularySize) {
                out.add(symbol);
                return;
            }
            byte[] text = extraSymbols[symbol - vocabularySize];
            for (byte value : text) {
                int id = byteSymbols[value & 0xFF];
                out.add(id < vocabularySize ? id : unknown.orElseThrow(() -> notEncodable(text)));
            }
        }
    }

    private static EngineException notEncodable(byte[] text) {
        return EngineException.invalid(
                "engine.text-not-encodable",
                "The vocabulary has no token for \"" + new String(text, StandardCharsets.ISO_8859_1)
                        + "\" and none for the unknown.",
                "Leave those characters out, or use a model whose vocabulary covers all bytes.");
    }
}
