package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.SequenceFrame.Part;
import dev.slipway.engine.tokenizer.SequenceFrame.Text;
import dev.slipway.engine.tokenizer.SequenceFrame.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the {@code post_processor} of a {@code tokenizer.json}: what stands around texts. */
final class FrameReader {
    private FrameReader() {}

    /** What stands around texts, or empty when the processor adds no token. */
    static Optional<SequenceFrame> read(JsonPart part) {
        return switch (part.type()) {
            case "Sequence" -> sequence(part);
            case "ByteLevel" -> Optional.empty();
            case "TemplateProcessing" -> Optional.of(template(part));
            case "BertProcessing" -> Optional.of(bert(id(part, "cls"), id(part, "sep")));
            case "RobertaProcessing" -> Optional.of(roberta(id(part, "cls"), id(part, "sep")));
            default -> throw part.unsupported("the post-processor " + part.type());
        };
    }

    private static Optional<SequenceFrame> sequence(JsonPart part) {
        List<SequenceFrame> frames = part.parts("processors").stream()
                .flatMap(processor -> read(processor).stream())
                .toList();
        if (frames.size() > 1) {
            throw part.unsupported("several post-processors that add tokens");
        }
        return frames.stream().findFirst();
    }

    private static SequenceFrame bert(int begin, int end) {
        return new SequenceFrame(
                List.of(new Token(begin, 0), new Text(0, 0), new Token(end, 0)),
                List.of(new Token(begin, 0), new Text(0, 0), new Token(end, 0), new Text(1, 1), new Token(end, 1)));
    }

    private static SequenceFrame roberta(int begin, int end) {
        Token close = new Token(end, 0);
        return new SequenceFrame(
                List.of(new Token(begin, 0), new Text(0, 0), close),
                List.of(new Token(begin, 0), new Text(0, 0), close, close, new Text(1, 0), close));
    }

    /** The id in a pair of a token's name and id. */
    private static int id(JsonPart part, String name) {
        List<JsonNode> pair = part.list(name);
        if (pair.size() != 2) {
            throw part.wrong("has no " + name + " of a token and its id");
        }
        return part.whole(pair.get(1), name);
    }

    private static SequenceFrame template(JsonPart part) {
        List<Part> single = parts(part, "single");
        List<Part> pair = parts(part, "pair");
        return new SequenceFrame(
                single.isEmpty() ? SequenceFrame.BARE.single() : single,
                pair.isEmpty() ? SequenceFrame.BARE.pair() : pair);
    }

    private static List<Part> parts(JsonPart template, String name) {
        List<Part> parts = new ArrayList<>();
        for (JsonPart piece : template.parts(name)) {
            Optional<JsonPart> sequence = piece.part("Sequence");
            if (sequence.isPresent()) {
                int type = sequence.get().whole("type_id");
                parts.add(new Text(index(sequence.get()), type));
                continue;
            }
            JsonPart token = piece.requiredPart("SpecialToken");
            int type = token.whole("type_id");
            JsonPart special = template.requiredPart("special_tokens").requiredPart(token.text("id"));
            for (JsonNode id : special.list("ids")) {
                parts.add(new Token(special.whole(id, "id"), type));
            }
        }
        return parts;
    }

    private static int index(JsonPart sequence) {
        return switch (sequence.text("id")) {
            case "A" -> 0;
            case "B" -> 1;
            default -> throw sequence.unsupported("a third text");
        };
    }
}
