package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.tokenizer.TokenSpelling.Leading;
import dev.slipway.engine.tokenizer.algorithm.Pieces;
import dev.slipway.engine.tokenizer.algorithm.TokenBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** A tokenizer over a vocabulary: added tokens first, the algorithm for what lies between. */
final class VocabularyTokenizer implements Tokenizer {
    /** Tokens that some vocabularies count as control, and that readers of an answer have to see. */
    private static final Set<String> READ_AS_TEXT =
            Set.of("<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>");

    private static final byte[] NOTHING = {};

    private final List<TokenKind> kinds;
    private final BitSet control = new BitSet();
    private final byte[][] bytes;
    private final SpecialTokens special;
    private final SequenceFrame frame;
    private final SegmentEncoder encoder;
    private final AddedTokens userDefined;
    private final AddedTokens all;
    private final Leading leading;

    /** What every kind of vocabulary has. */
    record Parts(
            List<String> tokens,
            List<TokenKind> kinds,
            SpecialTokens special,
            SequenceFrame frame,
            List<AddedToken> added,
            TokenSpelling spelling) {}

    VocabularyTokenizer(Parts parts, SegmentEncoder encoder) {
        this.encoder = encoder;
        kinds = parts.kinds;
        special = parts.special;
        frame = parts.frame;
        leading = parts.spelling.leading();
        userDefined = new AddedTokens(
                parts.added.stream().filter(token -> !token.control()).toList());
        all = new AddedTokens(parts.added);
        bytes = new byte[kinds.size()][];
        for (int id = 0; id < bytes.length; id++) {
            String token = parts.tokens.get(id);
            control.set(id, kinds.get(id) == TokenKind.CONTROL && !READ_AS_TEXT.contains(token));
            bytes[id] = switch (kinds.get(id)) {
                case NORMAL, UNUSED -> parts.spelling.letters().bytes(token);
                case BYTE -> new byte[] {(byte) Pieces.byteValue(token)};
                case UNKNOWN, CONTROL, USER_DEFINED -> token.getBytes(StandardCharsets.UTF_8);
            };
        }
    }

    @Override
    public int[] encode(String text, boolean parseSpecial) {
        TokenBuffer out = new TokenBuffer();
        encode(text, parseSpecial, true, out);
        return out.toArray();
    }

    @Override
    public int[] encode(byte[] input, boolean parseSpecial) {
        TokenBuffer out = new TokenBuffer();
        ByteRuns.split(input, new ByteRuns.Sink() {
            private boolean atStart = true;

            @Override
            public void text(String text) {
                encode(text, parseSpecial, atStart, out);
                atStart = false;
            }

            @Override
            public void strayByte(byte value) {
                out.add(byteToken(value));
                atStart = false;
            }
        });
        return out.toArray();
    }

    private int byteToken(byte value) {
        for (int id = 0; id < bytes.length; id++) {
            boolean one = bytes[id].length == 1 && bytes[id][0] == value;
            if (one && (kinds.get(id) == TokenKind.NORMAL || kinds.get(id) == TokenKind.BYTE)) {
                return id;
            }
        }
        return special.unknown()
                .orElseThrow(() -> EngineException.invalid(
                        "engine.text-not-encodable",
                        "The vocabulary has no token for the byte 0x"
                                + HexFormat.of().toHexDigits(value) + " and none for the unknown.",
                        "Leave that byte out; the text is not UTF-8 there."));
    }

    private void encode(String text, boolean parseSpecial, boolean atStart, TokenBuffer out) {
        (parseSpecial ? all : userDefined).split(text, 0, text.length(), new AddedTokens.Sink() {
            private boolean first = atStart;

            @Override
            public void text(int from, int to) {
                encoder.encode(text, from, to, first, parseSpecial, out);
                first = false;
            }

            @Override
            public void token(int id) {
                out.add(id);
                first = true;
            }
        });
    }

    @Override
    public int[] encode(String text, BitSet written) {
        TokenBuffer out = new TokenBuffer();
        AddedTokens.Filter filter = (token, from, to) -> !token.control() || written.nextClearBit(from) >= to;
        all.split(text, 0, text.length(), filter, new AddedTokens.Sink() {
            private boolean first = true;

            @Override
            public void text(int from, int to) {
                encodeText(text, from, to, first, written, out);
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

    /** Text between added tokens, in which normalising may make further control tokens appear. */
    private void encodeText(String text, int from, int to, boolean first, BitSet written, TokenBuffer out) {
        boolean allWritten = written.nextClearBit(from) >= to;
        if (allWritten || !encoder.seeksControl()) {
            encoder.encode(text, from, to, first, allWritten, out);
            return;
        }
        TokenBuffer trusting = new TokenBuffer();
        encoder.encode(text, from, to, first, true, trusting);
        TokenBuffer wary = new TokenBuffer();
        encoder.encode(text, from, to, first, false, wary);
        int[] tokens = wary.toArray();
        if (Arrays.equals(trusting.toArray(), tokens)) {
            for (int token : tokens) {
                out.add(token);
            }
            return;
        }
        // What was normalised no longer tells where it came from, so each part goes by itself.
        for (int at = from; at < to; ) {
            boolean own = written.get(at);
            int next = own ? written.nextClearBit(at) : written.nextSetBit(at);
            int end = next < 0 ? to : Math.min(to, next);
            encoder.encode(text, at, end, first && at == from, own, out);
            at = end;
        }
    }

    @Override
    public int[] frame(int[] tokens) {
        return frame.around(tokens);
    }

    @Override
    public Pair framePair(int[] first, int[] second) {
        return frame.around(first, second);
    }

    @Override
    public byte[] bytesOf(int token) {
        return token < bytes.length ? bytes[token].clone() : NOTHING;
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
        return special.bos().isPresent() && frame.first().equals(special.bos());
    }

    @Override
    public byte[] decodeBytes(int[] tokens) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        boolean dropping = leading == Leading.DROPPED_AT_START || leading == Leading.DROPPED_AFTER_SPECIAL;
        for (int token : tokens) {
            byte[] text = token < bytes.length ? bytes[token] : NOTHING;
            TokenKind kind = token < bytes.length ? kinds.get(token) : TokenKind.UNUSED;
            boolean whole = kind == TokenKind.CONTROL || kind == TokenKind.USER_DEFINED;
            int skip = dropping && !whole && text.length > 0 && text[0] == ' ' ? 1 : 0;
            joined.write(text, skip, text.length - skip);
            dropping = switch (leading) {
                case KEPT, DROPPED_AT_END -> false;
                case DROPPED_AT_START -> dropping && whole;
                case DROPPED_AFTER_SPECIAL -> whole;
            };
        }
        byte[] all = joined.toByteArray();
        boolean drop = leading == Leading.DROPPED_AT_END && all.length > 0 && all[all.length - 1] == ' ';
        return drop ? Arrays.copyOf(all, all.length - 1) : all;
    }
}
