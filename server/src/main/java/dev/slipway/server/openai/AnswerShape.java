package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ServerException;

/**
 * What an answer must look like.
 *
 * @param format the {@code response_format} as JSON text, empty for any text
 * @param grammar a grammar in GBNF, empty for none
 */
record AnswerShape(String format, String grammar) {
    /** The entry of the contract's metadata that carries the format. */
    private static final String METADATA = "response_format";

    static AnswerShape parse(Fields request) {
        String grammar = request.string("grammar").orElse("");
        String format =
                request.object("response_format").map(AnswerShape::format).orElse("");
        if (!grammar.isBlank() && !format.isEmpty()) {
            throw ServerException.invalidRequest(
                    "grammar", "There are a grammar and a response_format.", "Send one of them.");
        }
        return new AnswerShape(format, grammar);
    }

    private static String format(Fields format) {
        String type = format.requiredString("type");
        switch (type) {
            case "text" -> {
                return "";
            }
            case "json_object" -> {}
            case "json_schema" -> {
                Fields holder = Fields.of(format.required("json_schema"), format.at("json_schema"));
                Fields.of(holder.required("schema"), holder.at("schema"));
            }
            default ->
                throw ServerException.unsupported(
                        format.at("type"),
                        "The response format '" + type + "' is not offered.",
                        "Use text, json_object or json_schema.");
        }
        return JsonBodies.write(format.node());
    }

    void apply(PredictOptions.Builder options) {
        options.setGrammar(grammar);
        if (!format.isEmpty()) {
            options.putMetadata(METADATA, format);
        }
    }
}
