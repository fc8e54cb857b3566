package dev.slipway.engine.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.template.ChatTemplate.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Every unit of a prompt is known to be the template's own or to come from outside. */
class TextOriginTest {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    /** Templates whose output is the value of x, somehow worked upon, between parts of their own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a>{{ x }}<b>",
                "{{ '<a>' + x + '<b>' }}",
                "{{ '<a>' ~ x ~ '<b>' }}",
                "{{ ('<a>' ~ x ~ '<b>')|trim }}",
                "{{ ('  <a>' ~ x ~ '<b>\n').strip() }}",
                "{{ ('<a>' ~ x ~ '<b>!')[:-1] }}",
                "{{ ('!<a>' ~ x ~ '<b>')[1:] }}",
                "{% set t %}<a>{{ x }}<b>{% endset %}{{ t }}",
                "{% macro m(v) %}<a>{{ v }}<b>{% endmacro %}{{ m(x) }}",
                "{% macro m(p) %}{{ p }}{{ caller() }}<b>{% endmacro %}{% call m('<a>') %}{{ x }}{% endcall %}",
                "{{ ['<a>', x, '<b>']|join }}",
                "{{ ['<a>', x, '<b>']|join('') }}",
                "{{ ''.join(['<a>', x, '<b>']) }}",
                "{{ '<a>%s<b>' % x }}",
                "{{ '<a>%s<b>'|format(x) }}",
                "{{ '<a>@<b>'|replace('@', x) }}",
                "{{ '<a>@<b>'.replace('@', x) }}",
                "{{ ('<a>' ~ x ~ '#').replace('#', '<b>') }}",
                "{% set ns = namespace(p='<a>') %}{% set ns.p = ns.p + x %}{{ ns.p + '<b>' }}",
                "{% set d = {'p': '<a>'} %}{{ d['p'] }}{{ x }}{{ d.q|default('<b>') }}",
                "{{ '<a>' if true else x }}{{ x or '' }}{{ none or '<b>' }}",
                "{% for p in ['<a>', x, '<b>'] %}{{ p }}{% endfor %}",
                "{{ ('<a>,' ~ x ~ ',<b>').split(',')|join('') }}",
                "{% filter trim %} <a>{{ x }}<b> {% endfilter %}",
                "{{ ('<A>' ~ x ~ '<B>')|lower }}",
                "{% for c in '<a>' ~ x ~ '<b>' %}{{ c }}{% endfor %}",
                "{{ bos }}{{ x }}<b>",
                "{{ '<a>' ~ x|string|safe ~ '<b>' }}"
            })
    void whatTheTemplateWroteIsKnownHoweverItIsPutTogether(String template) {
        Map<String, Object> variables = Map.of("x", "<x>", "bos", new ChatTemplate.Written("<a>"));
        Rendered rendered = ChatTemplate.parse(template).rendered(variables);
        assertThat(rendered.text()).isEqualTo("<a><x><b>");
        assertThat(rendered.written().toString()).isEqualTo("{0, 1, 2, 6, 7, 8}");
    }

    /** Parts that only together spell something, and work that changes what is spelled. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ x }}",
                "{{ x|upper|lower }}",
                "{{ x|replace('@', 'end') }}",
                "{{ x.replace('<', '<')  }}",
                "{{ x[::-1][::-1] }}",
                "{{ x|reverse|reverse }}",
                "{{ x|list|join }}",
                "{{ x|tojson }}",
                "{{ {'k': x}|string }}",
                "{{ '%8s' % x }}",
                "{{ x|indent }}",
                "{{ x|title }}{{ x|capitalize }}",
                "{{ x.center(9) }}",
                "{{ x * 2 }}",
                "{{ {x: x}|items|first|join }}"
            })
    void nothingFromOutsideEverCountsAsWritten(String template) {
        for (String x : List.of("<|im_end|>", "☃☃☃")) {
            Rendered rendered = ChatTemplate.parse(template).rendered(Map.of("x", x));
            for (int i = 0; i < rendered.text().length(); i++) {
                boolean byTemplate = rendered.written().get(i);
                assertThat(byTemplate && x.indexOf(rendered.text().charAt(i)) >= 0 && !template.contains("replace"))
                        .as("%s at %d of %s", template, i, rendered.text())
                        .isFalse();
            }
        }
    }

    @Test
    void halvesFromTwoMessagesAreNotWrittenEither() {
        Rendered rendered = ChatTemplate.parse("{% for m in ms %}{{ m }}{% endfor %}")
                .rendered(Map.of("ms", List.of("<|im_", "end|>")));
        assertThat(rendered.text()).isEqualTo("<|im_end|>");
        assertThat(rendered.written().isEmpty()).isTrue();
    }

    static Stream<Path> realTemplates() throws IOException {
        Path folder = Path.of(System.getenv().getOrDefault("SLIPWAY_TEST_DATA", ""), "chat-templates");
        if (!Files.isDirectory(folder)) {
            System.out.println("skipped: SLIPWAY_TEST_DATA names no folder with chat-templates");
            return Stream.of(Path.of(""));
        }
        return Files.list(folder).sorted();
    }

    /** In conversations of snowmen alone, no snowman is written, and every mark of the template is. */
    @ParameterizedTest
    @MethodSource("realTemplates")
    void realTemplatesKeepMessagesApartFromTheirOwnMarks(Path file) throws IOException {
        if (file.toString().isEmpty()) {
            return;
        }
        ChatTemplate template = ChatTemplate.parse(Files.readString(file));
        JsonMapper json = JsonMapper.shared();
        try (var in = TextOriginTest.class.getResourceAsStream("conversations.json")) {
            Map<String, Object> conversations = new TreeMap<>(json.readValue(in, OBJECT));
            int rendered = 0;
            for (Object conversation : conversations.values()) {
                Map<String, Object> variables = json.convertValue(withSnowmen(conversation), OBJECT);
                variables.replace(
                        "tools", "TOOLS", List.of(Map.of("function", Map.of("name", "☃", "description", "☃"))));
                variables.put("bos_token", new ChatTemplate.Written("<s>"));
                variables.put("eos_token", new ChatTemplate.Written("</s>"));
                try {
                    check(template.rendered(variables));
                    rendered++;
                } catch (dev.slipway.engine.EngineException refused) {
                    assertThat(refused.code()).startsWith("engine.template-");
                }
            }
            assertThat(rendered).as(file.toString()).isGreaterThan(3);
        }
    }

    private static void check(Rendered rendered) {
        String text = rendered.text();
        for (int i = 0; i < text.length(); i++) {
            assertThat(text.charAt(i) == '☃' && rendered.written().get(i))
                    .as("a snowman at %d of %s", i, text)
                    .isFalse();
        }
        for (String mark : List.of("<|", "<s>", "</s>", "[INST]", "[/INST]", "<start_of_turn>", "[TOOL_CALLS]")) {
            for (int at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
                assertThat(rendered.written().nextClearBit(at))
                        .as("%s at %d of %s", mark, at, text)
                        .isGreaterThanOrEqualTo(at + mark.length());
            }
        }
    }

    /** Every text of a conversation replaced, but for roles, types and ids, which steer the template. */
    private static Object withSnowmen(Object value) {
        return switch (value) {
            case List<?> list -> list.stream().map(TextOriginTest::withSnowmen).toList();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new TreeMap<>();
                map.forEach((key, item) -> copy.put(
                        key,
                        List.of("role", "type", "id", "tool_call_id", "tools").contains(key) || item == null
                                ? String.valueOf(item)
                                : withSnowmen(item)));
                yield copy;
            }
            case String text -> "☃";
            default -> value;
        };
    }
}
