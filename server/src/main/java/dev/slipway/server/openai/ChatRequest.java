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
 * @param toolChoice {@code auto}, {@code none}, {@code required}, or the JSON of an object that names a function; empty
 *     when not said
 * @param shape what the answer must look like
 * @param metadata what templates of models may read
 */
record ChatRequest(
        String model,
        List<Message> messages,
        Sampling sampling,
        String tools,
        String toolChoice,
        Map<String, String> metadata,
        AnswerShape shape,
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
                AnswerShape.parse(request),
                StreamWish.parse(request));
    }

    private static void refuseWhatIsNotOffered(Fields request) {
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
        if (choice.isObject()) {
            return named(Fields.of(choice, "tool_choice"), tools);
        }
        String word = request.requiredString("tool_choice");
        boolean known = word.equals("auto") || word.equals("none") || word.equals("required");
        request.refuse(
                "tool_choice",
                !known,
                "The tool choice '" + word + "' is not offered.",
                "Use auto, none, required or an object that names a function.");
        if (word.equals("required") && tools.isEmpty()) {
            throw ServerException.invalidRequest(
                    "tool_choice", "A tool is required, but there are none.", "Send tools.");
        }
        return tools.isEmpty() ? "" : word;
    }

    private static String named(Fields choice, List<JsonNode> tools) {
        String type = choice.requiredString("type");
        choice.refuse(
                "type", !type.equals("function"), "The tool choice '" + type + "' is not offered.", "Use function.");
        Fields function = Fields.of(choice.required("function"), choice.at("function"));
        String name = function.requiredString("name");
        if (tools.stream()
                .noneMatch(
                        tool -> tool.path("function").path("name").asString("").equals(name))) {
            throw ServerException.invalidRequest(
                    function.at("name"), "There is no tool '" + name + "'.", "Name one of the tools.");
        }
        return JsonBodies.write(choice.node());
    }

    private static Map<String, String> metadata(Fields request) {
        Map<String, String> metadata = new LinkedHashMap<>();
        request.object("chat_template_kwargs")
                .ifPresent(arguments -> metadata.put("chat_template_kwargs", JsonBodies.write(arguments.node())));
        if (request.value("enable_thinking").isPresent()) {
            metadata.put("enable_thinking", String.valueOf(request.flag("enable_thinking")));
        }
        request.string("reasoning_effort").ifPresent(effort -> metadata.put("reasoning_effort", effort));
        if (request.value("parallel_tool_calls").isPresent()) {
            metadata.put("parallel_tool_calls", String.valueOf(request.flag("parallel_tool_calls")));
        }
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
        shape.apply(options);
        sampling.apply(config, choice, options);
        return options.build();
    }
}
