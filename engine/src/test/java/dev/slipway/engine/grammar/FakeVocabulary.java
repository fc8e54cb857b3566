package dev.slipway.engine.grammar;

import dev.slipway.engine.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;

/** A vocabulary of given bytes. Token 0 is control and named like text, token 1 ends an answer; each byte has a token. */
public final class FakeVocabulary implements Tokenizer {
    public static final int CONTROL = 0;
    public static final int END = 1;

    private final List<byte[]> tokens = new ArrayList<>();

    public FakeVocabulary(List<byte[]> more) {
        tokens.add("true".getBytes(StandardCharsets.UTF_8));
        tokens.add("<end>".getBytes(StandardCharsets.UTF_8));
        for (int value = 0; value < 256; value++) {
            tokens.add(new byte[] {(byte) value});
        }
        tokens.addAll(more);
    }

    /** The bytes and nothing else. */
    public static FakeVocabulary bytes() {
        return new FakeVocabulary(List.of());
    }

    /** Random texts of the pieces that JSON and words are made of, parts of characters and repetitions included. */
    public static FakeVocabulary random(int size, long seed) {
        Random random = new Random(seed);
        String[] pieces = {
            "{", "}", "[", "]", "\"", ":", ",", " ", "\\", "a", "b", "the", "é", "漢", "😀", "0", "1", "9", ".", "-",
            "e", "null", "true", "\n", "name", "u00", "x", "y", "z", "K", "_"
        };
        List<byte[]> more = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(1 + random.nextInt(8));
            for (int part = 0; part < length; part++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            int from = random.nextInt(8) == 0 ? random.nextInt(bytes.length) : 0;
            int to = random.nextInt(8) == 0 ? from + 1 + random.nextInt(bytes.length - from) : bytes.length;
            more.add(Arrays.copyOfRange(bytes, from, to));
        }
        return new FakeVocabulary(more);
    }

    @Override
    public int[] encode(String text, boolean parseSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = 2 + (bytes[i] & 0xFF);
        }
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
        return token == CONTROL;
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
        return OptionalInt.of(END);
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return Set.of(END);
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
