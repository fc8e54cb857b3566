package dev.slipway.engine.decode;

import dev.slipway.engine.TokenLogprob;
import dev.slipway.engine.tokenizer.StreamDecoder;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.ToolCallParser;
import dev.slipway.engine.tool.ToolCallParser.Piece;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Turns the tokens of one answer into its pieces: bytes, whole characters, no stop strings, calls apart from text. */
final class Answer {
    private final Tokenizer tokenizer;
    private final StreamDecoder decoder = new StreamDecoder();
    private final StopStrings stops;
    private final ToolCallParser parser;
    private final ShownTokens shown = new ShownTokens();
    private boolean hasCalls;

    Answer(Tokenizer tokenizer, List<String> stops, ToolCallParser parser) {
        this.tokenizer = tokenizer;
        this.stops = new StopStrings(stops);
        this.parser = parser;
    }

    /** Whether a stop string came. */
    boolean stopped() {
        return stops.found();
    }

    /** Whether a tool call came. */
    boolean hasCalls() {
        return hasCalls;
    }

    /** The reports that were noted, of tokens whose text is certain by now; each is given once. */
    List<TokenLogprob> certain() {
        return shown.take();
    }

    /** Keeps a token's report until its text is certain; to be called before the token is pushed. */
    void note(TokenLogprob report) {
        shown.note(report);
    }

    List<Piece> push(int token) {
        byte[] bytes = tokenizer.bytesOf(token);
        if (tokenizer.isControl(token) && !parser.reads(new String(bytes, StandardCharsets.UTF_8))) {
            return List.of();
        }
        String decoded = decoder.push(bytes);
        String text = stops.push(decoded);
        shown.advance(decoded.length(), text.length());
        return text.isEmpty() ? List.of() : noted(parser.push(text));
    }

    List<Piece> finish() {
        List<Piece> pieces = new ArrayList<>();
        if (!stops.found()) {
            String text = stops.push(decoder.finish());
            pieces.addAll(noted(parser.push(stops.found() ? text : text + stops.finish())));
            if (!stops.found()) {
                shown.finish();
            }
        }
        pieces.addAll(noted(parser.finish()));
        return pieces;
    }

    private List<Piece> noted(List<Piece> pieces) {
        hasCalls |= pieces.stream().anyMatch(Piece.Call.class::isInstance);
        return pieces;
    }
}
