package dev.slipway.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonTextTest {
    @Test
    void whatIsWrittenIsReadBack() {
        String odd = "a\"b\\c\n\t\r\u0001é\uD83D\uDE80";
        String text = new JsonText()
                .open()
                .field("text", odd)
                .field("flag", true)
                .field("number", -3)
                .openField("inner")
                .field("x", 1)
                .close()
                .field("list", List.of("a", odd))
                .array(
                        "objects",
                        List.of(1, 2),
                        (json, n) -> json.open().field("n", n).close())
                .close()
                .toString();

        JsonNode read = JsonMapper.builder().build().readTree(text);
        assertThat(read.path("text").stringValue()).isEqualTo(odd);
        assertThat(read.path("flag").booleanValue()).isTrue();
        assertThat(read.path("number").intValue()).isEqualTo(-3);
        assertThat(read.path("inner").path("x").intValue()).isEqualTo(1);
        assertThat(read.path("list").path(1).stringValue()).isEqualTo(odd);
        assertThat(read.path("objects").path(1).path("n").intValue()).isEqualTo(2);
        assertThat(JsonText.array(List.<Integer>of(), (_, _) -> {}).toString()).isEqualTo("[]");
    }
}
