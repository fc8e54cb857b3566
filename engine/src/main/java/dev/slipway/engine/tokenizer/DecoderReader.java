package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.TokenSpelling.Leading;
import dev.slipway.engine.tokenizer.TokenSpelling.Letters;
import dev.slipway.engine.tokenizer.split.MetaspaceSplitter.Prepend;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads the {@code decoder} of a {@code tokenizer.json}. */
final class DecoderReader {
    /** What English text has without the space that joining words puts there. */
    private static final List<String> TIGHT = List.of(".", "?", "!", ",", "n't", "'m", "'s", "'ve", "'re");

    private final List<UnaryOperator<String>> steps = new ArrayList<>();
    private boolean bytes;
    private Leading leading = Leading.KEPT;

    private DecoderReader() {}

    /** Without a decoder, words are joined with spaces. */
    static TokenSpelling words() {
        return new TokenSpelling(token -> utf8(" " + token), Leading.DROPPED_AT_START);
    }

    static TokenSpelling read(JsonPart part) {
        DecoderReader reader = new DecoderReader();
        reader.add(part);
        Letters last = reader.bytes ? TokenSpelling.BYTE_LEVEL : DecoderReader::utf8;
        List<UnaryOperator<String>> steps = List.copyOf(reader.steps);
        Letters letters = token -> {
            String text = token;
            for (UnaryOperator<String> step : steps) {
                text = step.apply(text);
            }
            return last.bytes(text);
        };
        return new TokenSpelling(letters, reader.leading);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void add(JsonPart part) {
        switch (part.type()) {
            case "Sequence" -> part.parts("decoders").forEach(this::add);
            case "ByteLevel" -> bytes = true;
            // Byte tokens spell their byte whatever the decoder; tokens are joined in any case.
            case "ByteFallback", "Fuse" -> {}
            case "Replace" -> replace(part);
            case "Strip" -> strip(part);
            case "Metaspace" -> metaspace(part);
            case "WordPiece" -> wordPiece(part);
            case "BPEDecoder" -> {
                String suffix = part.textIfAny("suffix").orElse("</w>");
                steps.add(token -> token.replace(suffix, " "));
                leading = Leading.DROPPED_AT_END;
            }
            default -> throw part.unsupported("the decoder " + part.type());
        }
    }

    private void replace(JsonPart part) {
        String literal = part.requiredPart("pattern")
                .textIfAny("String")
                .orElseThrow(() -> part.unsupported("a decoder that replaces by a pattern"));
        String content = part.text("content");
        steps.add(token -> token.replace(literal, content));
    }

    private void strip(JsonPart part) {
        if (!part.text("content").equals(" ") || part.whole("start") > 1 || part.whole("stop") != 0) {
            throw part.unsupported("a decoder that strips other things than one space at the start");
        }
        if (part.whole("start") == 1) {
            leading = Leading.DROPPED_AT_START;
        }
    }

    private void metaspace(JsonPart part) {
        String scheme =
                part.textIfAny("prepend_scheme").orElse(part.flag("add_prefix_space", true) ? "always" : "never");
        char space = PreTokenizerReader.replacement(part);
        steps.add(token -> token.replace(space, ' '));
        if (PreTokenizerReader.prepend(part, scheme) != Prepend.NEVER) {
            leading = Leading.DROPPED_AT_START;
        }
    }

    private void wordPiece(JsonPart part) {
        String prefix = part.textIfAny("prefix").orElse("##");
        boolean cleanup = part.flag("cleanup", true);
        steps.add(token -> {
            if (token.startsWith(prefix)) {
                return token.substring(prefix.length());
            }
            return cleanup && TIGHT.contains(token) ? token : " " + token;
        });
        leading = Leading.DROPPED_AT_START;
    }
}
