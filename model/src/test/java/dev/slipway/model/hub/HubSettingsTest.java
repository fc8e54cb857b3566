package dev.slipway.model.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubSettingsTest {
    @TempDir
    Path home;

    @Test
    void withoutVariablesItIsThePublicHubAndTheUsualCache() {
        HubSettings settings = HubSettings.from(Map.of(), home);
        assertThat(settings)
                .isEqualTo(new HubSettings(home.resolve(".cache/huggingface/hub"), HubSettings.PUBLIC, "", false));
    }

    @Test
    void variablesSayOtherwise() throws IOException {
        Map<String, String> environment = Map.of(
                "HF_HOME",
                "/data/hf",
                "HF_ENDPOINT",
                "https://mirror.example/",
                "HF_TOKEN",
                " hf_x ",
                "HF_HUB_OFFLINE",
                "1");
        assertThat(HubSettings.from(environment, home))
                .isEqualTo(
                        new HubSettings(Path.of("/data/hf/hub"), URI.create("https://mirror.example"), "hf_x", true));
        assertThat(HubSettings.from(Map.of("HF_HUB_CACHE", "~/models"), home).cache())
                .isEqualTo(home.resolve("models"));
        assertThat(HubSettings.from(Map.of("XDG_CACHE_HOME", "/cache"), home).cache())
                .isEqualTo(Path.of("/cache/huggingface/hub"));
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "hf_stored\n");
        assertThat(HubSettings.from(Map.of(), home).token()).isEqualTo("hf_stored");
    }

    @ParameterizedTest
    @CsvSource({
        "Qwen/Qwen2.5-0.5B-Instruct, Qwen, Qwen2.5-0.5B-Instruct, main, ''",
        "a/b@v1.0, a, b, v1.0, ''",
        "a/b@refs/pr/3:Q4_K_M, a, b, refs/pr/3, Q4_K_M",
        "a/b:Q8_0, a, b, main, Q8_0"
    })
    void namesAreReadAsPeopleWriteThem(String text, String owner, String name, String revision, String choice) {
        HubModel model = HubModel.parse(text).orElseThrow();
        assertThat(model).isEqualTo(new HubModel(owner, name, revision, choice));
        assertThat(model).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tiny",
                "a/b/c",
                "/a/b",
                "../b",
                "a/..",
                "a/b@",
                "a/b@../../x",
                "a/b:",
                "a b/c",
                "a/b\n",
                "~/x",
                "folder/x.gguf"
            })
    void otherThingsAreNoNames(String text) {
        assertThat(HubModel.parse(text)).isEmpty();
    }
}
