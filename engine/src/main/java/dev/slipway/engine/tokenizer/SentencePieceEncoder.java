package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * SentencePiece BPE: the whole text is a row of characters, spaces written as {@code ▁}; two neighbours merge when
 * together they spell a token, the highest score first. A character without a token becomes its bytes.
 */
final class SentencePieceEncoder implements SegmentEncoder {
    private static final char SPACE = '▁';

    private final Map<String, Integer> ids;
    private final MergeTable merges;
    private final int[] byteTokens = new int[256];
    private final int[] characterSymbols = new int[Character.MIN_SUPPLEMENTARY_CODE_POINT];
    private final int vocabularySize;
    private final boolean wordsStandAlone;
    private final boolean addSpacePrefix;
    private final OptionalInt unknown;

    SentencePieceEncoder(Vocabulary vocabulary) {
        vocabularySize = vocabulary.tokens().size();
        addSpacePrefix = vocabulary.special().addSpacePrefix();
        unknown = vocabulary.special().unknown();
        ids = HashMap.newHashMap(vocabularySize);
        Arrays.fill(byteTokens, -1);
        for (int id = 0; id < vocabularySize; id++) {
            String token = vocabulary.tokens().get(id);
            switch (vocabulary.kinds().get(id)) {
                case NORMAL, USER_DEFINED -> ids.putIfAbsent(token, id);
                case BYTE -> byteTokens[byteValue(token)] = id;
                // Reached by name only, so that no text can be mistaken for one.
                case UNKNOWN, CONTROL, UNUSED -> {}
            }
        }
        merges = new MergeTable(vocabularySize * 2);
        for (int codePoint = 0; codePoint < characterSymbols.length; codePoint++) {
            characterSymbols[codePoint] = vocabularySize + codePoint;
        }
        ids.forEach((token, id) -> {
            if (token.length() == 1) {
                characterSymbols[token.charAt(0)] = id;
            }
        });
        wordsStandAlone = ids.keySet().stream().noneMatch(SentencePieceEncoder::reachesIntoNextWord);
        int[] ranks = ranks(vocabulary);
        ids.forEach((token, id) -> addMerges(token, id, ranks[id]));
    }

    /** Whether a token holds a space after something else, so that a merge can join two words. */
    private static boolean reachesIntoNextWord(String token) {
        for (int at = 1; at < token.length(); at++) {
            if (token.charAt(at) == SPACE && token.charAt(at - 1) != SPACE) {
                return true;
            }
        }
        return false;
    }

    /** Scores as ranks: the highest score is 0, equal scores share a rank. */
    private static int[] ranks(Vocabulary vocabulary) {
        float[] scores = vocabulary.scores();
        int[] ranks = new int[vocabulary.tokens().size()];
        if (scores.length == 0) {
            return ranks;
        }
        float[] sorted = scores.clone();
        Arrays.sort(sorted);
        int distinct = 0;
        for (int i = 0; i < sorted.length; i++) {
            if (i == 0 || sorted[i] != sorted[i - 1]) {
                sorted[distinct++] = sorted[i];
            }
        }
        for (int id = 0; id < ranks.length; id++) {
            ranks[id] = distinct - 1 - Arrays.binarySearch(sorted, 0, distinct, scores[id]);
        }
        return ranks;
    }

    /** Every way in which two symbols that can stand side by side spell this token. */
    private void addMerges(String token, int id, int rank) {
        for (int cut = 1; cut < token.length(); cut++) {
            if (Character.isLowSurrogate(token.charAt(cut))) {
                continue;
            }
            int left = symbol(token.substring(0, cut));
            int right = symbol(token.substring(cut));
            if (left >= 0 && right >= 0) {
                merges.add(left, right, rank, id);
            }
        }
    }

    /** A token, or for a single character without one a number past the vocabulary, or -1. */
    private int symbol(String text) {
        Integer id = ids.get(text);
        if (id != null) {
            return id;
        }
        int codePoint = text.codePointAt(0);
        return Character.charCount(codePoint) == text.length() ? vocabularySize + codePoint : -1;
    }

    private static int byteValue(String token) {
        try {
            if (token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
                return Integer.parseInt(token, 3, 5, 16);
            }
        } catch (NumberFormatException notANumber) {
            // Reported below, as is every other misspelling.
        }
        throw EngineException.invalid(
                "engine.vocabulary-invalid",
                "The vocabulary's byte token \"" + token + "\" is not written <0xNN>.",
                "Get the model file again, or a newer conversion of it.");
    }

    @Override
    public void encode(String text, int from, int to, boolean first, TokenBuffer out) {
        Merger merger = new Merger(merges);
        int[] symbols = new int[to - from + 1];
        int length = 0;
        int last = SPACE;
        if (first && addSpacePrefix) {
            symbols[length++] = characterSymbol(SPACE);
        }
        for (int at = from; at < to; ) {
            int codePoint = text.codePointAt(at);
            at += Character.charCount(codePoint);
            codePoint = codePoint == ' ' ? SPACE : codePoint;
            // Words that no token spans are merged one by one: the same result, and much less to search through.
            if (wordsStandAlone && codePoint == SPACE && last != SPACE) {
                add(symbols, merger.merge(symbols, length), out);
                length = 0;
            }
            symbols[length++] = characterSymbol(codePoint);
            last = codePoint;
        }
        add(symbols, merger.merge(symbols, length), out);
    }

    private void add(int[] symbols, int count, TokenBuffer out) {
        for (int i = 0; i < count; i++) {
            if (symbols[i] < vocabularySize) {
                out.add(symbols[i]);
            } else {
                addBytes(symbols[i] - vocabularySize, out);
            }
        }
    }

    private int characterSymbol(int codePoint) {
        return codePoint < characterSymbols.length
                ? characterSymbols[codePoint]
                : ids.getOrDefault(Character.toString(codePoint), vocabularySize + codePoint);
    }

    private void addBytes(int codePoint, TokenBuffer out) {
        byte[] bytes = new byte[4];
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        int length = Utf8.append(half ? 0xFFFD : codePoint, bytes, 0);
        for (int i = 0; i < length; i++) {
            int token = byteTokens[bytes[i] & 0xFF];
            if (token < 0) {
                out.add(unknown.orElseThrow(() -> notEncodable(codePoint)));
                return;
            }
            out.add(token);
        }
    }

    private static EngineException notEncodable(int codePoint) {
        return EngineException.invalid(
                "engine.text-not-encodable",
                "The vocabulary has no token for \"" + Character.toString(codePoint) + "\" and none for the unknown.",
                "Leave that character out, or use a model whose vocabulary covers all bytes.");
    }

    @Override
    public byte[] bytesOf(String token) {
        return token.replace(SPACE, ' ').getBytes(StandardCharsets.UTF_8);
    }

    /** The byte that a {@link TokenKind#BYTE} token stands for. */
    static byte[] byteOf(String token) {
        return new byte[] {(byte) byteValue(token)};
    }
}
