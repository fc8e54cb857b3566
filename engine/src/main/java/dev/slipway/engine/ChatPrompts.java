package dev.slipway.engine;

import dev.slipway.engine.template.ChatTemplate;
import dev.slipway.engine.template.ChatTemplate.Rendered;
import dev.slipway.engine.template.ChatTemplate.Written;
import dev.slipway.engine.template.FallbackTemplates;
import dev.slipway.engine.tokenizer.Tokenizer;
import dev.slipway.engine.tool.EarlierCalls;
import dev.slipway.model.OpenModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns conversations into prompts with the chat templates of a model. Immutable and safe for use by many threads.
 *
 * <p>A model may bring several templates; the one named {@code tool_use} is used when tools are offered. A model that
 * brings none gets a plain one, and {@link #origin} says so.
 */
public final class ChatPrompts {
    private static final String TOOL_USE = "tool_use";

    /** Roles that templates may build the name of a control token from, as in {@code '<|' + role + '|>'}. */
    private static final Set<String> ROLES =
            Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython");

    private final Map<String, ChatTemplate> templates = new HashMap<>();
    /** Those that cannot be read: said when a conversation needs one, as all else can do without. */
    private final Map<String, EngineException> unreadable = new HashMap<>();

    private final Map<String, String> sources;
    private final Map<String, Written> tokenNames;
    private final String origin;

    private ChatPrompts(Map<String, String> sources, Map<String, Written> tokenNames, String origin) {
        this.sources = Map.copyOf(sources);
        this.tokenNames = Map.copyOf(tokenNames);
        sources.forEach(this::parse);
        this.origin = unreadable.isEmpty()
                ? origin
                : origin + ", of which " + String.join(", ", new TreeSet<>(unreadable.keySet())) + " cannot be read";
    }

    private void parse(String name, String source) {
        try {
            templates.put(name, ChatTemplate.parse(source));
        } catch (EngineException e) {
            unreadable.put(name, e);
        }
    }

    /** The templates of a model. One that cannot be read fails only what needs it. */
    public static ChatPrompts of(OpenModel model, Tokenizer tokenizer) {
        Map<String, Written> names = Map.of(
                "bos_token", nameOf(tokenizer, tokenizer.bos()), "eos_token", nameOf(tokenizer, tokenizer.eos()));
        Map<String, String> own = model.chatTemplates();
        if (!own.isEmpty()) {
            return new ChatPrompts(own, names, "the model's own");
        }
        boolean marks = FallbackTemplates.MARKS.stream().allMatch(mark -> isControl(tokenizer, mark));
        return new ChatPrompts(
                Map.of(OpenModel.DEFAULT_TEMPLATE, marks ? FallbackTemplates.CHATML : FallbackTemplates.PLAIN),
                names,
                "the model has none, so " + (marks ? "ChatML, whose marks its vocabulary has" : "plain lines of text"));
    }

    /**
     * A template by itself, with no names for the tokens that begin and end a sequence.
     *
     * @throws EngineException {@code engine.template-error} or {@code engine.template-limit} when it cannot be read
     */
    public static ChatPrompts of(String source) {
        ChatPrompts prompts = new ChatPrompts(Map.of(OpenModel.DEFAULT_TEMPLATE, source), Map.of(), "given");
        for (EngineException problem : prompts.unreadable.values()) {
            throw problem;
        }
        return prompts;
    }

    private static Written nameOf(Tokenizer tokenizer, OptionalInt token) {
        return new Written(token.isPresent() ? tokenizer.decode(new int[] {token.getAsInt()}) : "");
    }

    private static boolean isControl(Tokenizer tokenizer, String mark) {
        int[] tokens = tokenizer.encode(mark, true);
        return tokens.length == 1 && tokenizer.isControl(tokens[0]);
    }

    /** Where the templates come from, in words. */
    public String origin() {
        return origin;
    }

    /** The source of the template that is used when tools are offered, or when they are not. */
    public String source(boolean withTools) {
        return sources.getOrDefault(name(withTools), "");
    }

    private String name(boolean withTools) {
        boolean special = withTools && sources.containsKey(TOOL_USE);
        if (special || sources.containsKey(OpenModel.DEFAULT_TEMPLATE)) {
            return special ? TOOL_USE : OpenModel.DEFAULT_TEMPLATE;
        }
        // All are named, and none is meant without a name.
        return sources.keySet().stream().sorted().findFirst().orElse("");
    }

    /**
     * The prompt of a conversation, which tells what of it the template wrote.
     *
     * @throws EngineException {@code engine.template-refused} when the template refuses the conversation;
     *     {@code engine.template-error} or {@code engine.template-limit} when it cannot be read or applied
     */
    public Rendered render(Prompt.Chat chat) {
        return render(
                chat.messages().stream().map(ChatPrompts::fields).toList(), chat.tools(), chat.templateArguments());
    }

    /**
     * The prompt of a conversation whose messages may have members that {@link Prompt.Message} does not know.
     *
     * @param messages turns in the OpenAI shape, as plain JSON values
     * @param tools as in {@link Prompt.Chat}
     * @param arguments as in {@link Prompt.Chat}
     */
    public Rendered render(
            List<Map<String, Object>> messages, List<Map<String, Object>> tools, Map<String, Object> arguments) {
        Map<String, Object> variables = new LinkedHashMap<>(arguments);
        variables.putAll(tokenNames);
        variables.put("messages", messages.stream().map(ChatPrompts::message).toList());
        if (!tools.isEmpty()) {
            variables.put("tools", tools);
        }
        variables.putIfAbsent("add_generation_prompt", true);
        String name = name(!tools.isEmpty());
        ChatTemplate template = templates.get(name);
        if (template == null) {
            EngineException problem = unreadable.get(name);
            throw problem == null ? new IllegalStateException("there is no template at all") : problem;
        }
        return template.rendered(variables);
    }

    private static Map<String, Object> message(Map<String, Object> fields) {
        Map<String, Object> values = new LinkedHashMap<>(fields);
        if (fields.get("role") instanceof String role && ROLES.contains(role)) {
            values.put("role", new Written(role));
        }
        if (fields.get("tool_calls") instanceof List<?> calls) {
            values.put("tool_calls", EarlierCalls.forTemplate(calls));
        }
        return values;
    }

    private static Map<String, Object> fields(Prompt.Message message) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("role", message.role());
        values.put("content", message.content());
        putUnlessEmpty(values, "name", message.name());
        putUnlessEmpty(values, "tool_call_id", message.toolCallId());
        putUnlessEmpty(values, "reasoning_content", message.reasoning());
        if (!message.toolCalls().isEmpty()) {
            values.put("tool_calls", message.toolCalls());
        }
        return values;
    }

    private static void putUnlessEmpty(Map<String, Object> values, String key, String value) {
        if (!value.isEmpty()) {
            values.put(key, value);
        }
    }
}
