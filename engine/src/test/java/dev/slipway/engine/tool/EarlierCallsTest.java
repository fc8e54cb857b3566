package dev.slipway.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.template.ChatTemplate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EarlierCallsTest {
    private static final ChatTemplate TEMPLATE =
            ChatTemplate.parse("{% for c in calls %}{{ c.function.arguments|tojson }}{{ c.id }}{% endfor %}");

    @Test
    void argumentsGivenAsTextReachTheTemplateAsAnObject() {
        assertThat(rendered("{\"city\":\"Köln\",\"days\":2,\"x\":[1.5,null,true]}"))
                .isEqualTo("{\"city\": \"Köln\", \"days\": 2, \"x\": [1.5, null, true]}call_1");
    }

    @Test
    void argumentsGivenAsAnObjectStay() {
        assertThat(rendered(Map.of("a", 1))).isEqualTo("{\"a\": 1}call_1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not json", "[1]", "{\"a\": 1", "{\"n\": 123456789012345678901234567890}"})
    void whatIsNoObjectForATemplateStaysText(String arguments) {
        assertThat(rendered(arguments)).startsWith("\"").contains(arguments.replace("\"", "\\\""));
    }

    @Test
    void aCallWithoutTheUsualMembersStaysAsItIs() {
        assertThat(EarlierCalls.forTemplate(List.of(Map.of("name", "a", "arguments", "{}"))))
                .isEqualTo(List.of(Map.of("name", "a", "arguments", Map.of())));
        assertThat(EarlierCalls.forTemplate(List.of(Map.of()))).isEqualTo(List.of(Map.of()));
    }

    private static String rendered(Object arguments) {
        Map<String, Object> call =
                Map.of("id", "call_1", "type", "function", "function", Map.of("name", "f", "arguments", arguments));
        return TEMPLATE.render(Map.of("calls", EarlierCalls.forTemplate(List.of(call))));
    }
}
