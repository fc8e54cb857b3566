package dev.slipway.model.huggingface;

import dev.slipway.model.ModelException;
import dev.slipway.model.OpenModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Where a folder keeps its chat templates: {@code chat_template.jinja} goes before {@code tokenizer_config.json}, which
 * holds one template or a list of named ones, and that before {@code chat_template.json}.
 */
final class ChatTemplates {
    private static final int MAX_TEMPLATE_BYTES = 4 << 20;

    /** Tokenizer configurations list every added token; the largest known have 3 MB. */
    private static final int MAX_CONFIG_BYTES = 64 << 20;

    private ChatTemplates() {}

    static Map<String, String> read(Path folder) {
        Map<String, String> templates = new LinkedHashMap<>();
        add(folder.resolve("chat_template.json"), templates);
        add(folder.resolve("tokenizer_config.json"), templates);
        JsonDocument.bytes(folder.resolve("chat_template.jinja"), MAX_TEMPLATE_BYTES)
                .ifPresent(
                        bytes -> templates.put(OpenModel.DEFAULT_TEMPLATE, new String(bytes, StandardCharsets.UTF_8)));
        return templates;
    }

    private static void add(Path file, Map<String, String> templates) {
        JsonNode found = JsonDocument.read(file, MAX_CONFIG_BYTES)
                .map(document -> document.path("chat_template"))
                .orElseGet(tools.jackson.databind.node.MissingNode::getInstance);
        if (found.isMissingNode() || found.isNull()) {
            return;
        }
        if (found.isString()) {
            templates.put(OpenModel.DEFAULT_TEMPLATE, found.stringValue());
            return;
        }
        if (!found.isArray()) {
            throw wrong(file);
        }
        for (JsonNode entry : found) {
            JsonNode name = entry.path("name");
            JsonNode source = entry.path("template");
            if (!name.isString() || !source.isString()) {
                throw wrong(file);
            }
            templates.put(name.stringValue(), source.stringValue());
        }
    }

    private static ModelException wrong(Path file) {
        return ModelException.corrupt(
                file, "its 'chat_template' is neither a text nor a list of objects with 'name' and 'template'");
    }
}
