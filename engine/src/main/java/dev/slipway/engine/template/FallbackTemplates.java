package dev.slipway.engine.template;

import java.util.List;

/** Templates for models that bring none. */
public final class FallbackTemplates {
    /** The control tokens that {@link #CHATML} is written with. */
    public static final List<String> MARKS = List.of("<|im_start|>", "<|im_end|>");

    /** ChatML, with tools as Hermes describes them. */
    public static final String CHATML = """
            {%- if tools %}
                {{- '<|im_start|>system\\n' }}
                {%- if messages and messages[0].role == 'system' %}
                    {{- messages[0].content + '\\n\\n' }}
                {%- endif %}
                {{- 'These functions can be called:\\n<tools>\\n' }}
                {%- for tool in tools %}
                    {{- tool | tojson + '\\n' }}
                {%- endfor %}
                {{- '</tools>\\nTo call one, write:\\n<tool_call>\\n{"name": <its name>, "arguments": <a JSON object>}\\n' }}
                {{- '</tool_call><|im_end|>\\n' }}
            {%- endif %}
            {%- for message in messages %}
                {%- if not (tools and loop.first and message.role == 'system') %}
                    {{- '<|im_start|>' + message.role + '\\n' + message.content }}
                    {%- for call in message.tool_calls or [] %}
                        {{- '\\n<tool_call>\\n{"name": ' + call.function.name | tojson + ', "arguments": ' }}
                        {{- call.function.arguments | tojson + '}\\n</tool_call>' }}
                    {%- endfor %}
                    {{- '<|im_end|>\\n' }}
                {%- endif %}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|im_start|>assistant\\n' }}
            {%- endif %}
            """;

    /** Lines that begin with a role, for models that have no marks for turns. */
    public static final String PLAIN = """
            {%- if tools %}
                {{- raise_exception('The model has no chat template, so that it cannot be told of tools.') }}
            {%- endif %}
            {%- for message in messages %}
                {{- message.role + ': ' + message.content + '\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- 'assistant:' }}
            {%- endif %}
            """;

    private FallbackTemplates() {}
}
