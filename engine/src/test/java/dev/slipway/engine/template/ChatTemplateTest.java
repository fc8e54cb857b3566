package dev.slipway.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Literal expectations, which hold without Jinja at hand; {@link JinjaParityTest} has many more. */
class ChatTemplateTest {
    private static final String CHAT_ML = """
            {%- for message in messages %}
                {{- '<|im_start|>' + message.role + '\\n' + message.content | trim + '<|im_end|>\\n' }}
            {%- endfor %}
            {%- if add_generation_prompt %}
                {{- '<|im_start|>assistant\\n' }}
            {%- endif %}
            """;

    @Test
    void rendersAConversation() {
        String prompt = ChatTemplate.parse(CHAT_ML)
                .render(Map.of(
                        "messages",
                        List.of(
                                Map.of("role", "system", "content", "Be brief. "),
                                Map.of("role", "user", "content", "Grüße 🦙")),
                        "add_generation_prompt",
                        true));
        assertThat(prompt)
                .isEqualTo("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nGrüße 🦙<|im_end|>\n"
                        + "<|im_start|>assistant\n");
    }

    @Test
    void aStatementTakesItsOwnLineAway() {
        assertThat(render("a\n  {% if true %}\n  b\n  {% endif %}\nc\n")).isEqualTo("a\n  b\nc");
        assertThat(render("a\n  {%+ if true %}b{% endif +%}\nc")).isEqualTo("a\n  b\nc");
        assertThat(render("a\n {#- gone -#} \n b {{- 1 -}} \n c")).isEqualTo("ab1c");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '→',
            quoteCharacter = '`',
            value = {
                "{{ 1 + 2 * 3 }} → 7",
                "{{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} → 3 -4 2 3.5",
                "{{ 'a' ~ 1 ~ none }} → a1None",
                "{{ [1, 'x', none, true, 1.0] }} → [1, 'x', None, True, 1.0]",
                "{{ {'k': (1,)} }} → {'k': (1,)}",
                "{{ 'abc'[::-1] }} {{ 'a🦙b'[1] }} {{ 'a🦙b'|length }} → cba 🦙 3",
                "{{ 'yes' if 1 in [1] else 'no' }} → yes",
                "{{ missing }}{{ missing is defined }} → False",
                "{{ [3, 1, 2]|sort|join('-') }} → 1-2-3",
                "{{ {'b': 1, 'a': 'ü<>'}|tojson }} → {\"b\": 1, \"a\": \"ü<>\"}",
                "{% for x in [1, 2, 3] if x != 2 %}{{ loop.index }}{{ x }}{% endfor %} → 1123",
                "{% for x in [] %}{% else %}none{% endfor %} → none",
                "{% set n = namespace(v=1) %}{% for i in range(4) %}{% set n.v = n.v * 2 %}{% endfor %}{{ n.v }} → 16",
                "{% macro m(a, b='y') %}{{ a }}{{ b }}{% endmacro %}{{ m('x') }}{{ m(b=1, a=2) }} → xy21",
                "{{ 'Hello World'.split()[1].upper().replace('W', 'w') }} → wORLD",
                "{{ ' x '.strip() ~ '|' ~ 'xxa'.lstrip('x') }} → x|a",
                "{{ true and not false or missing.x }} → True",
                "{{ range(5)|select('even')|map('string')|join(',') }} → 0,2,4",
                "{% generation %}kept{% endgeneration %} → kept",
                "{% raw %}{{ kept }}{% endraw %} → {{ kept }}",
            })
    void computesAsJinjaDoes(String template, String expected) {
        assertThat(render(template)).isEqualTo(expected);
    }

    @Test
    void variablesArePlainJsonValuesOfAnyDepth() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("nothing", null);
        variables.put("whole", 3);
        variables.put("real", 0.5);
        variables.put("list", Arrays.asList("a", null, Map.of("k", List.of(true))));
        assertThat(ChatTemplate.parse("{{ nothing }} {{ whole }} {{ real }} {{ list|tojson }}")
                        .render(variables))
                .isEqualTo("None 3 0.5 [\"a\", null, {\"k\": [true]}]");
    }

    @Test
    void indentedJsonIsWrittenAsPythonWritesIt() {
        assertThat(render("{{ {'a': [], 'b': [1, {}], 'c': {'d': none}}|tojson(indent=2) }}"))
                .isEqualTo("{\n  \"a\": [],\n  \"b\": [\n    1,\n    {}\n  ],\n  \"c\": {\n    \"d\": null\n  }\n}");
    }

    @Test
    void theDateIsThatOfTheRendering() {
        ZonedDateTime now = ZonedDateTime.of(2026, 3, 7, 14, 5, 9, 0, ZoneOffset.UTC);
        assertThat(ChatTemplate.parse("{{ strftime_now('%d %b %Y, %H:%M') }}").render(Map.of(), now))
                .isEqualTo("07 Mar 2026, 14:05");
    }

    @Test
    void aVariableOfTheSameNameComesBeforeAFunction() {
        assertThat(ChatTemplate.parse("{{ range }}").render(Map.of("range", "mine")))
                .isEqualTo("mine");
    }

    @Test
    void oneTemplateServesManyThreads() throws InterruptedException {
        ChatTemplate template =
                ChatTemplate.parse("{% set ns = namespace(t='') %}{% for i in range(n) %}{% set ns.t = ns.t ~ i %}"
                        + "{% endfor %}{{ ns.t|length }}");
        List<String> results = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            threads.add(Thread.startVirtualThread(() -> results.add(template.render(Map.of("n", 200)))));
        }
        for (Thread thread : threads) {
            thread.join(java.time.Duration.ofSeconds(30));
        }
        assertThat(results).hasSize(20).containsOnly("490");
    }

    private static String render(String template) {
        return ChatTemplate.parse(template).render(Map.of());
    }
}
