package dev.slipway.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** A tokenizer over a {@link Vocabulary}: added tokens first, the algorithm for what lies between. */
final class VocabularyTokenizer implements Tokenizer {
    /** Tokens that some vocabularies count as control, and that readers of an answer have to see. */
    private static final Set<String> READ_AS_TEXT =
            Set.of("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>");

    private final List<TokenKind> kinds;
    private final BitSet control = new BitSet();
    private final byte[][] bytes;
    private final SpecialTokens special;
    private final SegmentEncoder encoder;
    private final AddedTokens userDefined;
    private final AddedTokens all;

    VocabularyTokenizer(Vocabulary vocabulary, SegmentEncoder encoder) {
        this.encoder = encoder;
        kinds = vocabulary.kinds();
        special = vocabulary.special();
        userDefined = new AddedTokens(vocabulary, false);
        all = new AddedTokens(vocabulary, true);
        bytes = new byte[kinds.size()][];
        for (int id = 0; id < bytes.length; id++) {
            String token = vocabulary.tokens().get(id);
            control.set(id, kinds.get(id) == TokenKind.CONTROL && !READ_AS_TEXT.contains(token));
            bytes[id] = switch (kinds.get(id)) {
                case NORMAL, UNUSED -> encoder.bytesOf(token);
                case BYTE -> SentencePieceEncoder.byteOf(token);
                case UNKNOWN, CONTROL, USER_DEFINED -> token.getBytes(StandardCharsets.UTF_8);
            };
        }
    }

    @Override
    public int[] encode(String text, boolean parseSpecial) {
        TokenBuffer out = new TokenBuffer();
        (parseSpecial ? all : userDefined).split(text, new AddedTokens.Sink() {
            private boolean first = true;

            @Override
            public void text(int from, int to) {
                encoder.encode(text, from, to, first, out);
                first = false;
            }

            @Override
            public void token(int id) {
                out.add(id);
                first = true;
            }
        });
        return out.toArray();
    }

    @Override
    public byte[] bytesOf(int token) {
        return bytes[token].clone();
    }

    @Override
    public boolean isControl(int token) {
        return control.get(token);
    }

    @Override
    public int vocabularySize() {
        return bytes.length;
    }

    @Override
    public OptionalInt bos() {
        return special.bos();
    }

    @Override
    public OptionalInt eos() {
        return special.eos();
    }

    @Override
    public Set<Integer> endOfGeneration() {
        return special.endOfGeneration();
    }

    @Override
    public boolean addBos() {
        return special.addBos() && special.bos().isPresent();
    }

    @Override
    public String decode(int[] tokens) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        boolean first = true;
        for (int token : tokens) {
            boolean whole = kinds.get(token) == TokenKind.CONTROL || kinds.get(token) == TokenKind.USER_DEFINED;
            int skip = first && special.addSpacePrefix() && !whole && startsWithSpace(bytes[token]) ? 1 : 0;
            joined.write(bytes[token], skip, bytes[token].length - skip);
            first = whole;
        }
        return joined.toString(StandardCharsets.UTF_8);
    }

    private static boolean startsWithSpace(byte[] text) {
        return text.length > 0 && text[0] == ' ';
    }
}
