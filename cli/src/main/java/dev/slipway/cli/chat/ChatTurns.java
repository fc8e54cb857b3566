package dev.slipway.cli.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A conversation so far, and how its answers shall be made. */
public final class ChatTurns {
    private final String model;
    private final String system;
    private final OptionalDouble temperature;
    private final List<Map<String, Object>> messages = new ArrayList<>();

    /**
     * Begins a conversation.
     *
     * @param system what the model is told first; may be empty
     */
    public ChatTurns(String model, String system, OptionalDouble temperature) {
        this.model = model;
        this.system = system;
        this.temperature = temperature;
        clear();
    }

    public void clear() {
        messages.clear();
        if (!system.isEmpty()) {
            messages.add(Map.of("role", "system", "content", system));
        }
    }

    public void user(String text) {
        messages.add(Map.of("role", "user", "content", text));
    }

    public void assistant(String text) {
        messages.add(Map.of("role", "assistant", "content", text));
    }

    /** Takes the last turn back, as one that got no answer. */
    public void undo() {
        messages.removeLast();
    }

    Map<String, Object> toRequest() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("model", model);
        request.put("stream", true);
        temperature.ifPresent(value -> request.put("temperature", value));
        request.put("messages", messages);
        return request;
    }
}
