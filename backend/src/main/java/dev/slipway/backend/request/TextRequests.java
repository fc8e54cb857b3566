package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.engine.Penalties;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.TextRequest;
import dev.slipway.protocol.Message;
import dev.slipway.protocol.PredictOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code PredictOptions} → a request for the engine.
 *
 * <p>In proto3 a number that was never set reads as 0, so 0 must mean "not set" wherever 0 itself is of no use:
 *
 * <table>
 * <caption>What the numbers mean here</caption>
 * <tr><td>{@code Tokens}</td><td>0 or −1: as many as the context leaves</td></tr>
 * <tr><td>{@code Temperature}</td><td>0: the likeliest token always</td></tr>
 * <tr><td>{@code TopK}</td><td>0 or −1: all tokens</td></tr>
 * <tr><td>{@code TopP}</td><td>0: 1, which keeps all</td></tr>
 * <tr><td>{@code MinP}</td><td>0: drops none</td></tr>
 * <tr><td>{@code TypicalP}</td><td>0: 1, which keeps all</td></tr>
 * <tr><td>{@code Penalty}</td><td>0: 1, which changes nothing</td></tr>
 * <tr><td>{@code Repeat}</td><td>0: the penalty looks back on 64 tokens; −1: on all</td></tr>
 * <tr><td>{@code Seed}</td><td>0 or −1: none; each run differs. Any other number is one, negative ones too</td></tr>
 * </table>
 *
 * <p>{@code Logprobs} above 0 asks for log probabilities, {@code TopLogprobs} for so many alternatives, which implies the
 * former; they come back in {@code Reply.logprobs}. {@code LogitBias} is a JSON object from token ids to numbers.
 */
public final class TextRequests {
    private static final int MOST_STOP_TEXTS = 64;

    private TextRequests() {}

    /**
     * Reads a request.
     *
     * @throws BackendException when a value makes no sense, or asks for something that cannot be done here
     * @throws dev.slipway.engine.EngineException when a number is out of the engine's range
     */
    public static TextRequest from(PredictOptions request) {
        Refusals.check(request);
        TextRequest plain = new TextRequest(
                        prompt(request),
                        sampling(request),
                        maxTokens(request.getTokens()),
                        stopTexts(request),
                        request.getIgnoreEOS())
                .with(Constraints.of(request));
        boolean logprobs = request.getLogprobs() > 0 || request.getTopLogprobs() != 0;
        TextRequest reported = logprobs ? plain.withLogprobs(request.getTopLogprobs()) : plain;
        return request.getTruncatePrompt() ? reported.allowingTruncation() : reported;
    }

    /** Whether the answer shall come as chat deltas. */
    public static boolean isChat(PredictOptions request) {
        return request.getUseTokenizerTemplate() && request.getMessagesCount() > 0;
    }

    private static Prompt prompt(PredictOptions request) {
        if (isChat(request)) {
            return new Prompt.Chat(
                    request.getMessagesList().stream()
                            .map(TextRequests::message)
                            .toList(),
                    ToolChoice.parse(request.getToolChoice()).shown(JsonText.objects("Tools", request.getTools())),
                    templateArguments(request.getMetadataMap()));
        }
        if (request.getUseTokenizerTemplate() && request.getPrompt().isEmpty()) {
            throw BackendException.invalid(
                    "UseTokenizerTemplate is set, but there are no Messages.", "Send Messages, or a Prompt.");
        }
        // The host has rendered the prompt itself; Tools then only tell what is in it.
        return new Prompt.Raw(request.getPrompt());
    }

    private static Prompt.Message message(Message message) {
        return new Prompt.Message(
                message.getRole(),
                message.getContent(),
                message.getName(),
                message.getToolCallId(),
                message.getReasoningContent(),
                JsonText.objects("tool_calls", message.getToolCalls()));
    }

    /** Metadata holds words of the client's own too; only those that templates know are handed on. */
    private static Map<String, Object> templateArguments(Map<String, String> metadata) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        String thinking = metadata.getOrDefault("enable_thinking", "");
        if (!thinking.isBlank()) {
            arguments.put("enable_thinking", truth("enable_thinking", thinking));
        }
        String effort = metadata.getOrDefault("reasoning_effort", "");
        if (!effort.isBlank()) {
            arguments.put("reasoning_effort", effort);
        }
        arguments.putAll(JsonText.object("chat_template_kwargs", metadata.getOrDefault("chat_template_kwargs", "")));
        return arguments;
    }

    private static boolean truth(String field, String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw BackendException.invalid(field + " is '" + text + "'.", "Use true or false.");
        };
    }

    private static SamplingOptions sampling(PredictOptions request) {
        int seed = request.getSeed();
        return new SamplingOptions(
                LogitBias.parse(request.getLogitBias()),
                penalties(request),
                request.getTemperature(),
                request.getMinP(),
                request.getTopK() == -1 ? 0 : request.getTopK(),
                unlessZero(request.getTypicalP(), 1),
                unlessZero(request.getTopP(), 1),
                seed == 0 || seed == -1 ? OptionalLong.empty() : OptionalLong.of(seed));
    }

    private static Penalties penalties(PredictOptions request) {
        int lookBack = request.getRepeat();
        return new Penalties(
                unlessZero(request.getPenalty(), 1),
                lookBack == 0 ? Penalties.DEFAULT_REPEAT_LAST_N : lookBack,
                request.getFrequencyPenalty(),
                request.getPresencePenalty());
    }

    private static float unlessZero(float value, float otherwise) {
        return value == 0 ? otherwise : value;
    }

    private static OptionalInt maxTokens(int tokens) {
        return tokens == 0 || tokens == -1 ? OptionalInt.empty() : OptionalInt.of(tokens);
    }

    /** Empty texts, which configurations are full of, end nothing and are left out. */
    private static List<String> stopTexts(PredictOptions request) {
        List<String> stop = request.getStopPromptsList().stream()
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
        if (stop.size() > MOST_STOP_TEXTS) {
            throw BackendException.invalid(
                    "There are " + stop.size() + " StopPrompts.", "Use at most " + MOST_STOP_TEXTS + ".");
        }
        return stop;
    }
}
