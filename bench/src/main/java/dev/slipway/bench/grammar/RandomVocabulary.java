package dev.slipway.bench.grammar;

import dev.slipway.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/** As many different tokens as a large vocabulary has, of about its mixture: words, numbers, code, other scripts. */
final class RandomVocabulary implements Tokenizer {
    private static final String COMMON = "etaoinshrdlucmfwypvbgkjqxz";
    private static final String CODE = "{}[]()\":,.;=<>/\\_-+*'\n\t#!&|";

    private final List<byte[]> tokens = new ArrayList<>();

    RandomVocabulary(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> texts = new LinkedHashSet<>();
        while (texts.size() < size - 257) {
            texts.add(text(random));
        }
        tokens.add(new byte[0]);
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
        }
        texts.forEach(text -> tokens.add(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder(random.nextInt(2) == 0 ? " " : "");
        int kind = random.nextInt(20);
        int length = 2 + random.nextInt(4) + random.nextInt(5);
        for (int i = 0; i < length; i++) {
            if (kind < 13) {
                // Low numbers are likelier, as common letters are.
                text.append(COMMON.charAt(random.nextInt(1 + random.nextInt(COMMON.length()))));
            } else if (kind < 15) {
                text.append(CODE.charAt(random.nextInt(CODE.length())));
            } else {
                text.appendCodePoint((kind < 18 ? 0x4E00 : 0x430) + random.nextInt(kind < 18 ? 3_000 : 32));
            }
        }
        return text.toString();
    }

    @Override
    public int[] encode(String text, boolean parseSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        Arrays.setAll(ids, i -> 1 + (bytes[i] & 0xFF));
        return ids;
    }

    @Override
    public int[] encode(String text, BitSet special) {
        return encode(text, false);
    }

    @Override
    public byte[] bytesOf(int token) {
        return tokens.get(token).clone();
    }

    @Override
    public boolean isControl(int token) {
        return token == 0;
    }

    @Override
    public int vocabularySize() {
        return tokens.size();
    }

    @Override
    public OptionalInt bos() {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt eos() {
        return OptionalInt.of(0);
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return Set.of(0);
    }

    @Override
    public boolean addBos() {
        return false;
    }

    @Override
    public byte[] decodeBytes(int[] ids) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int id : ids) {
            out.writeBytes(tokens.get(id));
        }
        return out.toByteArray();
    }

    @Override
    public String decode(int[] ids) {
        return new String(decodeBytes(ids), StandardCharsets.UTF_8);
    }
}
