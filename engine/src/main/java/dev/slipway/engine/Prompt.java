package dev.slipway.engine;

import java.util.List;
import java.util.Map;

/** What a generation starts from. */
public sealed interface Prompt {
    /** Text as it stands; special tokens in it are recognised, and the answer is not searched for tool calls. */
    record Raw(String text) implements Prompt {}

    /**
     * A conversation, rendered with the model's own chat template.
     *
     * @param messages the turns so far
     * @param tools tool definitions in the OpenAI shape, as plain JSON values
     * @param templateArguments further variables for the template, such as {@code enable_thinking}, as plain JSON values
     */
    record Chat(List<Message> messages, List<Map<String, Object>> tools, Map<String, Object> templateArguments)
            implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
            tools = List.copyOf(tools);
            templateArguments = Map.copyOf(templateArguments);
        }
    }

    /**
     * One turn.
     *
     * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
     * @param content the text; may be empty
     * @param name the author's or the tool's name, or empty
     * @param toolCallId the call that a {@code tool} turn answers, or empty
     * @param reasoning the thinking of an earlier turn, or empty
     * @param toolCalls calls of an earlier turn in the OpenAI shape, as plain JSON values
     */
    record Message(
            String role,
            String content,
            String name,
            String toolCallId,
            String reasoning,
            List<Map<String, Object>> toolCalls) {
        public Message {
            toolCalls = List.copyOf(toolCalls);
        }

        /** A turn with nothing but text. */
        public static Message of(String role, String content) {
            return new Message(role, content, "", "", "", List.of());
        }
    }
}
