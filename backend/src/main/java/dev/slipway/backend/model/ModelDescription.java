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
    public static String loaded(TextEngine engine) {
        ModelInfo model = engine.model();
        return "loaded " + model.name() + "; chat template: " + model.chatTemplateOrigin() + "; tool parser "
                + model.toolParser() + "; reasoning parser " + model.reasoningParser()
                + "; Rerank by " + engine.rankingMethod().label();
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
        String form = engine.model().toolParser().split(":", 2)[0];
        ToolFormatMarkers.Builder markers = ToolFormatMarkers.newBuilder();
        if (describe(form, markers)) {
            if (thinks) {
                markers.setReasoningStart("<think>").setReasoningEnd("</think>");
            }
            answer.setToolFormat(markers);
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

    /** Tells how calls are written; false for a form without calls. */
    private static boolean describe(String form, ToolFormatMarkers.Builder markers) {
        switch (form) {
            case "hermes" ->
                markers.setFormatType("JSON_NATIVE")
                        .setPerCallStart("<tool_call>")
                        .setPerCallEnd("</tool_call>")
                        .setNameField("name")
                        .setArgsField("arguments");
            case "llama3_json" ->
                markers.setFormatType("JSON_NATIVE").setNameField("name").setArgsField("parameters");
            case "mistral" ->
                markers.setFormatType("JSON_NATIVE")
                        .setSectionStart("[TOOL_CALLS]")
                        .setToolsArrayWrapped(true)
                        .setNameField("name")
                        .setArgsField("arguments")
                        .setIdField("id");
            case "qwen3_xml" ->
                markers.setFormatType("TAG_WITH_TAGGED")
                        .setPerCallStart("<tool_call>")
                        .setPerCallEnd("</tool_call>")
                        .setFuncNamePrefix("<function=")
                        .setFuncNameSuffix(">")
                        .setFuncClose("</function>")
                        .setArgNamePrefix("<parameter=")
                        .setArgNameSuffix(">")
                        .setArgValueSuffix("</parameter>");
            default -> {
                return false;
            }
        }
        return true;
    }
}
