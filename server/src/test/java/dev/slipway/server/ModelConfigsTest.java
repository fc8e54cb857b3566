package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigsTest {
    private static final String MINIMAL = "backend: b\nparameters:\n  model: m.gguf\n";

    @TempDir
    Path folder;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private ModelConfig only() {
        return new ModelConfigs(List.of(folder)).all().getFirst();
    }

    @Test
    void aMinimalFileTakesItsNameFromTheFile() throws IOException {
        write("tiny.yaml", MINIMAL);

        ModelConfig config = only();

        assertThat(config.name()).isEqualTo("tiny");
        assertThat(config.backend()).isEqualTo("b");
        assertThat(config.model()).isEqualTo("m.gguf");
        assertThat(config.file()).isEqualTo(folder.resolve("m.gguf"));
        assertThat(config.slots()).isEqualTo(4);
        assertThat(config.contextSize()).isZero();
        assertThat(config.defaults().temperature()).isEmpty();
    }

    @Test
    void everyKeyIsRead() throws IOException {
        write("x.yaml", """
                name: org/full:1
                description: All keys.
                backend: b
                context_size: 4096
                threads: 3
                slots: 2
                embeddings: true
                options: [a:1, b]
                stopwords: ["</s>"]
                parameters:
                  model: /abs/m.gguf
                  temperature: 0
                  top_p: 0.9
                  top_k: 20
                  min_p: 0.05
                  max_tokens: 100
                  seed: 7
                """);

        ModelConfig config = only();

        assertThat(config.name()).isEqualTo("org/full:1");
        assertThat(config.file()).isEqualTo(Path.of("/abs/m.gguf"));
        assertThat(config.threads()).isEqualTo(3);
        assertThat(config.slots()).isEqualTo(2);
        assertThat(config.embeddings()).isTrue();
        assertThat(config.options()).containsExactly("a:1", "b");
        assertThat(config.stop()).containsExactly("</s>");
        assertThat(config.defaults().temperature()).hasValue(0);
        assertThat(config.defaults().seed()).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "context-size: 1 | context-size | 'context_size'",
                "zzzzzzzzzzzzzzzzzz: 1 | zzzzzzzzzzzzzzzzzz | Known keys: backend",
                "threads: many | threads | whole number",
                "threads: -1 | threads | 0 to",
                "embeddings: 2 | embeddings | true or false",
                "options: 3 | options | list",
                "name: 'a b' | a b | letters",
                "'\"unclosed' | line | Correct",
            })
    void mistakesAreToldWithAHint(String line, String inMessage, String inHint) throws IOException {
        write("bad.yaml", MINIMAL + line + "\n");
        write("good.yaml", MINIMAL);
        ModelConfigs configs = new ModelConfigs(List.of(folder));

        assertThat(configs.all()).extracting(ModelConfig::name).containsExactly("good");
        assertThat(configs.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.error().code()).isEqualTo("server.invalid-config");
            assertThat(problem.error().getMessage()).contains("bad.yaml").contains(inMessage);
            assertThat(problem.error().hint()).contains(inHint);
        });
        assertThatThrownBy(() -> configs.find("bad"))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.code()).isEqualTo("server.invalid-config"));
    }

    @ParameterizedTest
    @CsvSource({"'parameters: {model: x}',backend", "'backend: b',parameters.model", "'',backend"})
    void missingKeysAreNamed(String text, String key) throws IOException {
        write("bad.yaml", text.isEmpty() ? "# nothing\n" : text + "\n");

        assertThat(new ModelConfigs(List.of(folder)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.error().getMessage()).contains("'" + key + "'"));
    }

    @Test
    void filesAreSeenWhenTheyComeChangeAndGo() throws IOException {
        ModelConfigs configs = new ModelConfigs(List.of(folder));
        assertThat(configs.all()).isEmpty();

        Path file = write("a.yaml", MINIMAL);
        assertThat(configs.find("a").threads()).isZero();

        write("a.yaml", MINIMAL + "threads: 2\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(configs.find("a").threads()).isEqualTo(2);

        Files.delete(file);
        assertThatThrownBy(() -> configs.find("a"))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.code()).isEqualTo("server.unknown-model"));
    }

    @Test
    void earlierFoldersHideLaterOnes(@TempDir Path later) throws IOException {
        write("a.yaml", MINIMAL + "threads: 1\n");
        Files.writeString(later.resolve("a.yaml"), MINIMAL + "threads: 9\n");
        Files.writeString(later.resolve("b.yaml"), MINIMAL);
        ModelConfigs configs = new ModelConfigs(List.of(folder, later, folder.resolve("missing")));

        assertThat(configs.all()).extracting(ModelConfig::name).containsExactly("a", "b");
        assertThat(configs.find("a").threads()).isEqualTo(1);
    }
}
