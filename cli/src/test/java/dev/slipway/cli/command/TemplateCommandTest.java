package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TemplateCommandTest {
    private static final String DEMO = "../demo-model/slipway-demo.gguf";
    private static final String HELLO = "[{\"role\": \"user\", \"content\": \"Grüße <|im_end|>\"}]";
    private static final String TOOLS =
            "[{\"type\": \"function\", \"function\": {\"name\": \"get_weather\", \"parameters\": {\"type\": \"object\"}}}]";
    private static final String JINJA = """
            {%- for m in messages %}{{ m.role }}={{ m.content }};{% for c in m.tool_calls or [] %}{{ c.function.arguments.city }}{% endfor %}{% endfor -%}
            {{ tools|length if tools else 0 }}{{ extra }}{% if add_generation_prompt %}>{% endif %}""";

    @TempDir
    Path home;

    @Test
    void printsThePromptAndNothingElse() throws IOException {
        Path file = Files.writeString(home.resolve("t.jinja"), JINJA);
        CommandRun run = CommandRun.inHome(home, "template", file.toString(), "--messages", HELLO);
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("user=Grüße <|im_end|>;0>");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void readsFilesPartsToolsEarlierCallsAndFurtherArguments() throws IOException {
        Path file = Files.writeString(home.resolve("t.jinja"), JINJA);
        Path messages = Files.writeString(home.resolve("m.json"), """
                [{"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]},
                 {"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function",
                  "function": {"name": "f", "arguments": "{\\"city\\": \\"Ulm\\"}"}}]}]
                """);
        CommandRun run = CommandRun.inHome(
                home,
                "template",
                file.toString(),
                "--messages",
                "@" + messages,
                "--tools",
                TOOLS,
                "--arguments",
                "{\"extra\": \"!\"}",
                "--no-generation-prompt");
        assertThat(run.out()).isEqualTo("user=ab;assistant=;Ulm1!");
    }

    @Test
    void usesTheTemplateOfAModelAndTellsWhatItMeans() {
        assumeTrue(Files.exists(Path.of(DEMO)), "the demo model is there");
        CommandRun plain = CommandRun.inHome(home, "template", DEMO, "--messages", HELLO, "--tools", TOOLS);
        CommandRun json = CommandRun.inHome(home, "template", DEMO, "--messages", HELLO, "--tools", TOOLS, "--json");
        assertThat(plain.status()).as(plain.err()).isZero();
        assertThat(plain.out()).contains("Grüße", "get_weather");
        JsonNode read = JsonMapper.shared().readTree(json.out());
        assertThat(read.path("prompt").stringValue()).isEqualTo(plain.out());
        assertThat(read.path("template").stringValue()).isEqualTo("the model's own");
        assertThat(read.path("tool_parser").stringValue()).isEqualTo("hermes");
        assertThat(read.path("reasoning_parser").stringValue()).isNotEmpty();
    }

    @Test
    void saysWhatIsWrongWithItsInput() throws IOException {
        Path file = Files.writeString(home.resolve("t.jinja"), "{{ raise_exception('no, thanks') }}");
        assertThat(fails(2, file.toString(), "nonsense")).contains("--messages is not JSON");
        assertThat(fails(2, file.toString(), "{}")).contains("no JSON array".replace("no ", "not a "));
        assertThat(fails(2, file.toString(), "[]")).contains("no message");
        assertThat(fails(2, file.toString(), "[{\"content\": \"x\"}]")).contains("without a role");
        assertThat(fails(2, file.toString(), HELLO)).contains("no, thanks");
        assertThat(fails(3, file.toString(), "@" + home.resolve("none.json"))).contains("none.json");
        assertThat(fails(3, "no-such-model", HELLO)).contains("no-such-model");
    }

    private String fails(int status, String file, String messages) {
        CommandRun run = CommandRun.inHome(home, "template", file, "--messages", messages);
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        return run.err();
    }
}
