package dev.slipway.backend.model;

import dev.slipway.base.CodedException;
import dev.slipway.engine.ModelInfo;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.TextEngine;
import dev.slipway.protocol.ModelMetadataResponse;
import dev.slipway.protocol.ToolFormatMarkers;
import java.util.List;
import java.util.Map;

/** What hosts want to know of a loaded model, found by rendering short conversations with its own chat template. */
public final class ModelDescription {
    private static final List<Prompt.Message> PROBE =
            List.of(Prompt.Message.of("system", "You are a helpful assistant."), Prompt.Message.of("user", "Hello"));

    private ModelDescription() {}

    /** What a load tells: the model, and how its prompts are made and its answers read. */
    public static String loaded(ModelInfo model) {
        return "loaded " + model.name() + "; chat template: " + model.chatTemplateOrigin() + "; tool parser "
                + model.toolParser() + "; reasoning parser " + model.reasoningParser();
    }

    public static ModelMetadataResponse of(TextEngine engine) {
        String template = engine.model().chatTemplate();
        ModelMetadataResponse.Builder answer = ModelMetadataResponse.newBuilder();
        if (template.isEmpty()) {
            return answer.build();
        }
        boolean thinks = thinks(engine, template);
        answer.setSupportsThinking(thinks).setRenderedTemplate(render(engine, Map.of()));
        // The engine names the form first and the reason after it.
        if (engine.model().toolParser().startsWith("hermes")) {
            answer.setToolFormat(hermes(thinks));
        }
        return answer.build();
    }

    /** A template has a switch for thinking when flipping it changes the prompt. */
    private static boolean thinks(TextEngine engine, String template) {
        return template.contains("enable_thinking")
                && !render(engine, Map.of("enable_thinking", true))
                        .equals(render(engine, Map.of("enable_thinking", false)));
    }

    private static String render(TextEngine engine, Map<String, Object> arguments) {
        try {
            return engine.render(new Prompt.Chat(PROBE, List.of(), arguments));
        } catch (CodedException e) {
            // Some templates refuse system turns; a probe that cannot be rendered is no error of the host's.
            return "";
        }
    }

    private static ToolFormatMarkers hermes(boolean thinks) {
        ToolFormatMarkers.Builder markers = ToolFormatMarkers.newBuilder()
                .setFormatType("JSON_NATIVE")
                .setPerCallStart("<tool_call>")
                .setPerCallEnd("</tool_call>")
                .setNameField("name")
                .setArgsField("arguments");
        if (thinks) {
            markers.setReasoningStart("<think>").setReasoningEnd("</think>");
        }
        return markers.build();
    }
}
