package dev.slipway.server.openai;

import dev.slipway.protocol.Message;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A request for a chat completion.
 *
 * @param tools the tools as JSON text, empty for none
 * @param toolChoice {@code auto} or {@code none}, empty when not said
 * @param metadata what templates of models may read
 */
record ChatRequest(
        String model,
        List<Message> messages,
        Sampling sampling,
        String tools,
        String toolChoice,
        Map<String, String> metadata,
        StreamWish stream) {
    private static final int MOST_TOOLS = 256;

    /** Whether and how to stream. */
    record StreamWish(boolean wanted, boolean usage) {
        static StreamWish parse(Fields request) {
            boolean usage = request.object("stream_options")
                    .map(options -> options.flag("include_usage"))
                    .orElse(false);
            return new StreamWish(request.flag("stream"), usage);
        }
    }

    static ChatRequest parse(Fields request) {
        refuseWhatIsNotOffered(request);
        List<JsonNode> tools = request.array("tools", MOST_TOOLS);
        for (int i = 0; i < tools.size(); i++) {
            checkTool(Fields.of(tools.get(i), "tools[" + i + "]"));
        }
        return new ChatRequest(
                request.requiredString("model"),
                Messages.parse(request),
                Sampling.parse(request, LogprobsWish.ofChat(request)),
                tools.isEmpty() ? "" : JsonBodies.write(request.required("tools")),
                toolChoice(request, tools),
                metadata(request),
                StreamWish.parse(request));
    }

    private static void refuseWhatIsNotOffered(Fields request) {
        String format = request.object("response_format")
                .map(wanted -> wanted.requiredString("type"))
                .orElse("text");
        request.refuse(
                "response_format",
                !format.equals("text"),
                "The response format '" + format + "' is not offered.",
                "Leave response_format out, and ask for JSON in a message.");
        request.refuse(
                "modalities",
                request.strings("modalities", 8).stream().anyMatch(kind -> !kind.equals("text")),
                "Only text can be generated.",
                "Leave modalities out.");
    }

    private static void checkTool(Fields tool) {
        String type = tool.requiredString("type");
        tool.refuse("type", !type.equals("function"), "A tool of type '" + type + "' is not offered.", "Use function.");
        Fields function = Fields.of(tool.required("function"), tool.at("function"));
        if (function.requiredString("name").isBlank()) {
            throw ServerException.invalidRequest(function.at("name"), "A function has no name.", "Name it.");
        }
        function.object("parameters");
    }

    private static String toolChoice(Fields request, List<JsonNode> tools) {
        JsonNode choice = request.value("tool_choice").orElse(null);
        if (choice == null) {
            return "";
        }
        String word = choice.isString() ? choice.stringValue() : "a named function";
        request.refuse(
                "tool_choice",
                !word.equals("auto") && !word.equals("none"),
                "The tool choice '" + word + "' is not offered: the model cannot be made to call a tool.",
                "Use auto or none.");
        return tools.isEmpty() ? "" : word;
    }

    private static Map<String, String> metadata(Fields request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        request.object("chat_template_kwargs")
                .ifPresent(arguments -> metadata.put("chat_template_kwargs", JsonBodies.write(arguments.node())));
        if (request.value("enable_thinking").isPresent()) {
            metadata.put("enable_thinking", String.valueOf(request.flag("enable_thinking")));
        }
        request.string("reasoning_effort").ifPresent(effort -> metadata.put("reasoning_effort", effort));
        return metadata;
    }

    PredictOptions toOptions(ModelConfig config, int choice, String requestId) {
        PredictOptions.Builder options = PredictOptions.newBuilder()
                .setUseTokenizerTemplate(true)
                .addAllMessages(messages)
                .setTools(tools)
                .setToolChoice(toolChoice)
                .putAllMetadata(metadata)
                .setModelIdentity(config.model())
                .setCorrelationId(requestId);
        sampling.apply(config, choice, options);
        return options.build();
    }
}
