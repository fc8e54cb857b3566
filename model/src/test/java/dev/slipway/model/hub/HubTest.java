package dev.slipway.model.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubTest {
    private static final String TOKEN = "hf_secretSecretSecret";
    private static final Retry QUICK = new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));

    @TempDir
    Path cache;

    private StandInHub standIn;
    private final byte[] weights = new byte[300_000];

    @BeforeEach
    void start() throws IOException {
        new Random(3).nextBytes(weights);
        standIn = new StandInHub()
                .file("config.json", "{\"model_type\":\"llama\"}")
                .file("tokenizer.json", "{}")
                .file("README.md", "# not needed")
                .file("pytorch_model.bin", new byte[5000])
                .file("model.safetensors", weights);
    }

    @AfterEach
    void stop() {
        standIn.close();
    }

    private HubSettings settings(String token, boolean offline) {
        return new HubSettings(cache, standIn.endpoint(), token, offline);
    }

    private Path locate(String model) {
        return locate(model, settings("", false));
    }

    private static Path locate(String model, HubSettings settings) {
        return Hub.of(settings)
                .with(QUICK)
                .locate(HubModel.parse(model).orElseThrow(), ProgressListener.NONE, Cancellation.never());
    }

    private Path repository() {
        return cache.resolve("models--acme--tiny-model");
    }

    @Test
    void fetchesIntoTheCacheInTheLayoutOfTheHubsOwnTools() throws IOException {
        Path found = locate(StandInHub.ID);
        assertThat(found).isEqualTo(repository().resolve("snapshots").resolve(StandInHub.COMMIT));
        assertThat(repository().resolve("refs/main")).hasContent(StandInHub.COMMIT);
        assertThat(Files.readAllBytes(found.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(Files.readSymbolicLink(found.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs", Digest.sha256(weights).hex()));
        assertThat(Files.readSymbolicLink(found.resolve("tokenizer.json")))
                .isEqualTo(Path.of("../../blobs", StandInHub.gitHash(new byte[] {'{', '}'})));
        assertThat(found.resolve("README.md")).doesNotExist();
        assertThat(found.resolve("pytorch_model.bin")).doesNotExist();
        try (var blobs = Files.list(repository().resolve("blobs"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    @Test
    void asksNobodyForWhatIsInTheCache() {
        Path first = locate(StandInHub.ID);
        standIn.requests.clear();
        assertThat(locate(StandInHub.ID)).isEqualTo(first);
        assertThat(locate(StandInHub.ID, settings("", true))).isEqualTo(first);
        assertThat(locate(StandInHub.ID + "@" + StandInHub.COMMIT)).isEqualTo(first);
        assertThat(standIn.requests).isEmpty();
    }

    @Test
    void completesWhatIsInTheCacheInPart() throws IOException {
        Path first = locate(StandInHub.ID);
        Files.delete(first.resolve("model.safetensors"));
        Files.delete(
                repository().resolve("blobs").resolve(Digest.sha256(weights).hex()));
        assertThatThrownBy(() -> locate(StandInHub.ID, settings("", true)))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("model.hub-offline"));
        standIn.requests.clear();
        locate(StandInHub.ID);
        assertThat(standIn.requests)
                .filteredOn(request -> request.startsWith("BYTES"))
                .containsExactly("BYTES model.safetensors");
    }

    @Test
    void goesOnWhereAConnectionBroke() throws IOException {
        standIn.cuts.set(6);
        Path found = locate(StandInHub.ID);
        assertThat(Files.readAllBytes(found.resolve("model.safetensors"))).isEqualTo(weights);
        assertThat(standIn.requests)
                .contains("BYTES model.safetensors bytes=150000-", "BYTES model.safetensors bytes=225000-");
    }

    @Test
    void goesOnWhereAnEarlierProcessEnded() throws IOException {
        Path part = repository().resolve("blobs").resolve(Digest.sha256(weights).hex() + ".slipway-incomplete");
        Files.createDirectories(part.getParent());
        Files.write(part, java.util.Arrays.copyOf(weights, 100_000));
        locate(StandInHub.ID);
        assertThat(standIn.requests).contains("BYTES model.safetensors bytes=100000-");
        assertThat(part).doesNotExist();
    }

    @Test
    void beginsAnewWhenWhatLayThereWasSomethingElse() throws IOException {
        Path part = repository().resolve("blobs").resolve(Digest.sha256(weights).hex() + ".slipway-incomplete");
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[100_000]);
        Path found = locate(StandInHub.ID);
        assertThat(Files.readAllBytes(found.resolve("model.safetensors"))).isEqualTo(weights);
    }

    @Test
    void takesTheWholeFromServersThatKnowNoRanges() throws IOException {
        standIn.ignoresRanges = true;
        standIn.cuts.set(2);
        Path found = locate(StandInHub.ID);
        assertThat(Files.readAllBytes(found.resolve("model.safetensors"))).isEqualTo(weights);
    }

    @Test
    void refusesBytesThatAreNotWhatTheHubSays() {
        standIn.damages = true;
        assertThatThrownBy(() -> locate(StandInHub.ID))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("model.hub-mismatch"));
        assertThat(repository().resolve("refs/main")).doesNotExist();
        assertThat(repository().resolve("snapshots").resolve(StandInHub.COMMIT).resolve("config.json"))
                .doesNotExist();
    }

    @Test
    void givesUpOnAServerThatEndsTooEarly() {
        standIn.sendsTooLittle = true;
        assertThatThrownBy(() -> locate(StandInHub.ID)).isInstanceOf(CodedException.class);
        assertThat(standIn.requests).hasSizeLessThan(30);
    }

    @Test
    void theTokenGoesToTheHubAloneAndIntoNoMessage() {
        standIn.requiredToken = TOKEN;
        HubSettings settings = settings(TOKEN, false);
        locate(StandInHub.ID, settings);
        assertThat(standIn.requests).contains("BYTES model.safetensors");
        assertThat(standIn.tokensAtStore).isEmpty();
        assertThat(settings.toString()).doesNotContain(TOKEN);
        assertThatThrownBy(() -> locate("acme/other", settings)).isInstanceOfSatisfying(CodedException.class, e -> {
            assertThat(e.code()).isEqualTo("model.hub-not-found");
            assertThat(e.getMessage() + e.hint() + e.getCause()).doesNotContain(TOKEN);
        });
    }

    @Test
    void saysWhatAMissingPermissionNeeds() {
        standIn.requiredToken = TOKEN;
        assertRefused(StandInHub.ID, settings("", false), "model.hub-not-found", ErrorKind.NOT_FOUND);
        assertRefused(StandInHub.ID, settings("hf_other", false), "model.hub-denied", ErrorKind.DENIED);
        standIn.gated = true;
        assertRefused(StandInHub.ID, settings("", false), "model.hub-denied", ErrorKind.DENIED);
        assertRefused(StandInHub.ID, settings(TOKEN, false), "model.hub-denied", ErrorKind.DENIED);
        standIn.gated = false;
        assertRefused(StandInHub.ID + "@v9", settings(TOKEN, false), "model.hub-not-found", ErrorKind.NOT_FOUND);
        standIn.close();
        assertRefused(StandInHub.ID, settings(TOKEN, false), "fetch.unreachable", ErrorKind.UNREACHABLE);
    }

    private static void assertRefused(String model, HubSettings settings, String code, ErrorKind kind) {
        assertThatThrownBy(() -> locate(model, settings)).isInstanceOfSatisfying(CodedException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.kind()).isEqualTo(kind);
        });
    }

    @Test
    void fetchesAllFilesThatAnIndexNames() throws IOException {
        standIn.file(
                        "model.safetensors.index.json",
                        "{\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}")
                .file("model-1.safetensors", "one")
                .file("model-2.safetensors", new byte[2000])
                .file("consolidated.safetensors", new byte[3000]);
        Path found = locate(StandInHub.ID);
        assertThat(found.resolve("model-1.safetensors")).hasContent("one");
        assertThat(found.resolve("model-2.safetensors")).hasSize(2000);
        assertThat(found.resolve("consolidated.safetensors")).doesNotExist();
        assertThat(found.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void takesTheGgufFileThatWasChosenOrTheUsualOne() {
        standIn.file("q/tiny-Q4_K_M.gguf", "usual")
                .file("tiny-Q8_0.gguf", "chosen")
                .file("tiny-F16-00001-of-00002.gguf", "part");
        assertThat(locate(StandInHub.ID + ":gguf")).hasContent("usual");
        assertThat(locate(StandInHub.ID + ":Q8_0")).hasContent("chosen").hasFileName("tiny-Q8_0.gguf");
        standIn.requests.clear();
        assertThat(locate(StandInHub.ID + ":q8_0")).hasContent("chosen");
        assertThat(standIn.requests).isEmpty();
        assertThatThrownBy(() -> locate(StandInHub.ID + ":F16")).hasMessageContaining("part of a split file");
        assertThatThrownBy(() -> locate(StandInHub.ID + ":IQ1"))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.hint()).contains("tiny-Q8_0.gguf"));
    }

    @Test
    void refusesModelsWithoutFilesThatCanBeRead() throws IOException {
        try (StandInHub other = new StandInHub()) {
            other.file("config.json", "{}").file("pytorch_model.bin", new byte[10]);
            assertRefused(
                    StandInHub.ID,
                    new HubSettings(cache, other.endpoint(), "", false),
                    "model.hub-unusable",
                    ErrorKind.INVALID);
        }
    }

    @Test
    void tellsProgressThatNeverFalls() {
        List<Long> told = new CopyOnWriteArrayList<>();
        standIn.cuts.set(2);
        Hub.of(settings("", false))
                .with(QUICK)
                .locate(
                        HubModel.parse(StandInHub.ID).orElseThrow(),
                        progress -> {
                            if (!progress.step().contains("documents")) {
                                told.add(progress.done());
                                assertThat(progress.total()).isEqualTo(weights.length);
                            }
                        },
                        Cancellation.never());
        assertThat(told).isSorted().endsWith((long) weights.length);
    }

    @Test
    void aCancelEndsIt() {
        Cancellation cancellation = new Cancellation();
        assertThatThrownBy(() -> Hub.of(settings("", false))
                        .locate(HubModel.parse(StandInHub.ID).orElseThrow(), _ -> cancellation.cancel(), cancellation))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("base.cancelled"));
        assertThat(repository().resolve("refs/main")).doesNotExist();
    }
}
