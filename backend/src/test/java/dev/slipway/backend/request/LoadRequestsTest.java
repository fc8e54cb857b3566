package dev.slipway.backend.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.backend.model.ModelSpecification;
import dev.slipway.engine.EngineOptions;
import dev.slipway.engine.Pooling;
import dev.slipway.engine.Storage;
import dev.slipway.model.hub.HubModel;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.ProxyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoadRequestsTest {
    private static ModelOptions.Builder tiny() {
        return ModelOptions.newBuilder().setModel("tiny.gguf").setModelFile("/models/tiny.gguf");
    }

    @Test
    void whatIsNotSetIsTheModelsOrTheMachines() {
        assertThat(LoadRequests.from(tiny().build()))
                .isEqualTo(new ModelSpecification("tiny.gguf", Path.of("/models/tiny.gguf"), EngineOptions.DEFAULT));
    }

    @Test
    void theFileMayBeNamedByTheModelAndItsFolder() {
        assertThat(LoadRequests.from(
                                tiny().clearModelFile().setModelPath("/models").build())
                        .file())
                .isEqualTo(Path.of("/models/tiny.gguf"));
        assertThat(LoadRequests.from(tiny().clearModelFile()
                                .setModel("/elsewhere/x.gguf")
                                .setModelPath("/models")
                                .build())
                        .file())
                .isEqualTo(Path.of("/elsewhere/x.gguf"));
    }

    @Test
    void aRequestWithoutAModelIsRefused() {
        assertThatThrownBy(() -> LoadRequests.from(ModelOptions.getDefaultInstance()))
                .hasMessageContaining("names no model");
        assertThatThrownBy(() -> LoadRequests.from(tiny().setModelFile("a\0b").build()))
                .hasMessageContaining("not a path");
    }

    @ParameterizedTest
    @CsvSource({
        "frobnicate:1, frobnicate",
        "slots, no value",
        "slots:0, slots",
        "slots:65, slots",
        "slots:x, slots",
        "kernels:fast, kernels",
        "tool_parser:xml, tool_parser",
        "pooling:max, pooling",
        "long_input:cut, long_input"
    })
    void wrongOptionsAreRefusedByName(String option, String named) {
        ModelOptions options = tiny().addOptions(option).build();
        assertThatThrownBy(() -> LoadRequests.from(options)).hasMessageContaining(named);
    }

    @Test
    void unknownOptionsAreToldWhichAreKnown() {
        ModelOptions options = tiny().addOptions("frobnicate:1").build();
        assertThatThrownBy(() -> LoadRequests.from(options))
                .isInstanceOfSatisfying(
                        dev.slipway.backend.BackendException.class,
                        e -> assertThat(e.hint()).contains("kernels", "slots", "reasoning_parser", "tool_parser"));
    }

    @Test
    void anOptionGivenTwiceIsRefused() {
        ModelOptions options =
                tiny().addOptions("slots:1").addOptions("slots:2").build();
        assertThatThrownBy(() -> LoadRequests.from(options)).hasMessageContaining("twice");
    }

    @Test
    void blankOptionsAndSpacesDoNotMatter() {
        ModelOptions options = tiny().addOptions("").addOptions(" slots : 2 ").build();
        assertThat(LoadRequests.from(options).options().slots()).isEqualTo(2);
    }

    @Test
    void theWayOfPoolingIsAnOption() {
        EngineOptions options = LoadRequests.from(tiny().addOptions("pooling:none")
                        .addOptions("long_input:chunk")
                        .setReranking(true)
                        .build())
                .options();

        assertThat(options.pooling()).contains(Pooling.NONE);
        assertThat(options.chunking()).isTrue();
    }

    static Stream<Arguments> refusedWishes() {
        return Stream.of(
                wish("MMProj", options -> options.setMMProj("x")),
                wish("LoraAdapter", options -> options.setLoraAdapter("x")),
                wish("LoraBase", options -> options.setLoraBase("x")),
                wish("LoraAdapters", options -> options.addLoraAdapters("x")),
                wish("DraftModel", options -> options.setDraftModel("x")),
                wish("Quantization", options -> options.setQuantization("awq")),
                wish("RopeScaling", options -> options.setRopeScaling("yarn")),
                wish("Overrides", options -> options.addOverrides("a=b")),
                wish("EngineArgs", options -> options.setEngineArgs("{}")),
                wish("Proxy", options -> options.setProxy(ProxyOptions.getDefaultInstance())),
                wish("CacheTypeKey", options -> options.setCacheTypeKey("q4_0")));
    }

    private static Arguments wish(String name, UnaryOperator<ModelOptions.Builder> change) {
        return Arguments.of(name, change);
    }

    @ParameterizedTest
    @MethodSource("refusedWishes")
    void wishesThatCannotBeFulfilledAreRefusedByName(String name, UnaryOperator<ModelOptions.Builder> change) {
        ModelOptions options = change.apply(tiny()).build();
        assertThatThrownBy(() -> LoadRequests.from(options)).hasMessageContaining("sets " + name + ",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "auto", "f16", "F16", "f32", "q8_0"})
    void cacheTypesThatAreThereAreTaken(String type) {
        assertThat(LoadRequests.from(
                        tiny().setCacheTypeKey(type).setCacheTypeValue(type).build()))
                .isNotNull();
    }

    @Test
    void weightsAreQuantisedAndTheCacheKeptAsAsked() {
        Storage storage = LoadRequests.from(tiny().addOptions("quantization:q8_0")
                        .setCacheTypeKey("q8_0")
                        .setCacheTypeValue("f16")
                        .build())
                .options()
                .storage();
        assertThat(storage).isEqualTo(new Storage("q8_0", "q8_0", "f16"));
        assertThat(LoadRequests.from(tiny().setQuantization("Q4_0").build())
                        .options()
                        .storage()
                        .quantisation())
                .isEqualTo("q4_0");
        ModelOptions twice =
                tiny().setQuantization("q4_0").addOptions("quantization:q8_0").build();
        assertThatThrownBy(() -> LoadRequests.from(twice)).hasMessageContainingAll("q4_0", "q8_0");
        ModelOptions unknown = tiny().addOptions("quantization:awq").build();
        assertThatThrownBy(() -> LoadRequests.from(unknown)).hasMessageContaining("awq");
    }

    @Test
    void whatIsNoFileHereMayBeAModelOnTheHub() {
        ModelOptions.Builder qwen = tiny().clearModelFile().setModel("Qwen/Qwen2.5-0.5B-Instruct");
        HubModel expected = HubModel.parse("Qwen/Qwen2.5-0.5B-Instruct").orElseThrow();
        assertThat(LoadRequests.from(qwen.build()).hub()).contains(expected);
        assertThat(LoadRequests.from(qwen.setModelPath("/models").build()).hub())
                .contains(expected);
        assertThat(LoadRequests.from(qwen.setModelFile("/models/Qwen/Qwen2.5-0.5B-Instruct")
                                .build())
                        .hub())
                .contains(expected);
        assertThat(LoadRequests.from(qwen.setModelFile("/models/other").build()).hub())
                .isEmpty();
        assertThat(LoadRequests.from(tiny().clearModelFile()
                                .setModel("folder/x.gguf")
                                .build())
                        .hub())
                .isEmpty();
    }

    @Test
    void aFolderHereGoesBeforeAModelOnTheHub(@TempDir Path models) throws IOException {
        Files.createDirectories(models.resolve("acme/tiny"));
        ModelSpecification found = LoadRequests.from(tiny().clearModelFile()
                .setModel("acme/tiny")
                .setModelPath(models.toString())
                .build());
        assertThat(found.hub()).isEmpty();
        assertThat(found.file()).isEqualTo(models.resolve("acme/tiny"));
    }
}
