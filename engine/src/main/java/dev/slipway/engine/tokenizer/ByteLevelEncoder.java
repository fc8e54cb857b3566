package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** Byte-level BPE: a text is cut into words, a word into bytes, and bytes merge by rank. */
final class ByteLevelEncoder implements SegmentEncoder {
    private final PreTokenizer preTokenizer;
    private final Map<String, Integer> ids;
    private final MergeTable merges;
    private final int[] byteSymbols = new int[256];
    private final int vocabularySize;
    private final Map<Integer, String> extraSymbols = new HashMap<>();
    private final OptionalInt unknown;

    ByteLevelEncoder(Vocabulary vocabulary) {
        preTokenizer = PreTokenizer.named(vocabulary.preTokenizer());
        vocabularySize = vocabulary.tokens().size();
        unknown = vocabulary.special().unknown();
        ids = HashMap.newHashMap(vocabularySize);
        for (int id = 0; id < vocabularySize; id++) {
            TokenKind kind = vocabulary.kinds().get(id);
            if (kind == TokenKind.NORMAL || kind == TokenKind.USER_DEFINED) {
                ids.putIfAbsent(vocabulary.tokens().get(id), id);
            }
        }
        Map<String, Integer> symbols = new HashMap<>(ids);
        for (int value = 0; value < 256; value++) {
            byteSymbols[value] = symbol(symbols, String.valueOf(ByteAlphabet.letter(value)));
        }
        merges = new MergeTable(vocabulary.merges().size());
        for (int rank = 0; rank < vocabulary.merges().size(); rank++) {
            String merge = vocabulary.merges().get(rank);
            int space = merge.indexOf(' ', 1);
            if (space < 0) {
                throw EngineException.invalid(
                        "engine.vocabulary-invalid",
                        "The vocabulary's merge " + rank + " is \"" + merge + "\", without a space between two parts.",
                        "Get the model file again, or a newer conversion of it.");
            }
            String left = merge.substring(0, space);
            String right = merge.substring(space + 1);
            merges.add(symbol(symbols, left), symbol(symbols, right), rank, symbol(symbols, left + right));
        }
    }

    /** The token of that text, or a number past the vocabulary for what only ever stands between two merges. */
    private int symbol(Map<String, Integer> symbols, String text) {
        return symbols.computeIfAbsent(text, absent -> {
            int extra = vocabularySize + extraSymbols.size();
            extraSymbols.put(extra, absent);
            return extra;
        });
    }

    @Override
    public void encode(String text, int from, int to, boolean first, TokenBuffer out) {
        Word word = new Word();
        Merger merger = new Merger(merges);
        preTokenizer.split(text, from, to, (start, end) -> {
            word.read(text, start, end);
            encode(word, merger, out);
        });
    }

    private void encode(Word word, Merger merger, TokenBuffer out) {
        if (preTokenizer.wholeWords()) {
            Integer whole = ids.get(ByteAlphabet.spell(word.bytes, word.length));
            if (whole != null) {
                out.add(whole);
                return;
            }
        }
        for (int i = 0; i < word.length; i++) {
            word.symbols[i] = byteSymbols[word.bytes[i] & 0xFF];
        }
        int count = merger.merge(word.symbols, word.length);
        if (extraSymbols.isEmpty()) {
            out.addAll(word.symbols, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            addSymbol(word.symbols[i], out);
        }
    }

    /** A symbol without a token falls apart into its bytes. */
    private void addSymbol(int symbol, TokenBuffer out) {
        if (symbol < vocabularySize) {
            out.add(symbol);
            return;
        }
        String text = extraSymbols.getOrDefault(symbol, "");
        for (int i = 0; i < text.length(); i++) {
            Integer id = ids.get(text.substring(i, i + 1));
            out.add(id != null ? id : unknown.orElseThrow(() -> notEncodable(text)));
        }
    }

    private static EngineException notEncodable(String text) {
        return EngineException.invalid(
                "engine.text-not-encodable",
                "The vocabulary has no token for \"" + text + "\" and none for the unknown.",
                "Leave those characters out, or use a model whose vocabulary covers all bytes.");
    }

    @Override
    public byte[] bytesOf(String token) {
        return ByteAlphabet.bytes(token);
    }

    /** The bytes of the word at hand, in arrays that are used again for the next one. */
    private static final class Word {
        private byte[] bytes = new byte[64];
        private int[] symbols = new int[64];
        private int length;

        void read(String text, int from, int to) {
            int most = (to - from) * 3;
            if (bytes.length < most) {
                bytes = new byte[most];
                symbols = new int[most];
            }
            length = Utf8.encode(text, from, to, bytes);
        }
    }
}
