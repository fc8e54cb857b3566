package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.CommandRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path home;

    @Test
    void versionTellsSlipwayAndJava() {
        CommandRun run = CommandRun.inHome(home, "version");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("slipway ").contains("Java " + Runtime.version());
        JsonNode json =
                JSON.readTree(CommandRun.inHome(home, "version", "--json").out());
        assertThat(json.path("java").stringValue()).isEqualTo(Runtime.version().toString());
        assertThat(CommandRun.inHome(home, "--version").out()).startsWith("slipway ");
    }

    @Test
    void helpNamesTheCommandsAndTheExitStatuses() {
        CommandRun run = CommandRun.inHome(home, "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .contains("serve", "chat", "model", "backend", "doctor", "version", "completion")
                .contains("7 in use", "130 interrupted", "SLIPWAY_HOME")
                .doesNotContain("\u001b[");
        assertThat(CommandRun.inHome(home).out()).isEqualTo(run.out());
        assertThat(CommandRun.inHome(home, "backend").out()).contains("install", "list");
    }

    @ParameterizedTest
    @CsvSource({"srve, serve", "--hel, --help", "bogus, --help"})
    void mistypedWordsAreAnsweredWithSuggestions(String word, String suggestion) {
        CommandRun run = CommandRun.inHome(home, word);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(word).contains(suggestion);
    }

    @Test
    void modelsAreListedAsATableOrAsJson() throws IOException {
        Files.createDirectories(home.resolve("models"));
        Files.writeString(home.resolve("models/m.gguf"), "12345");
        Files.writeString(home.resolve("models/m.yaml"), "backend: b\nparameters: {model: m.gguf}\n");
        Files.writeString(home.resolve("models/bad.yaml"), "bakend: b\n");

        CommandRun table = CommandRun.inHome(home, "model", "list");
        CommandRun json = CommandRun.inHome(home, "model", "list", "--json");

        assertThat(table.out().lines()).hasSize(2).first().asString().startsWith("NAME");
        assertThat(table.out()).contains("m     b        5 B");
        assertThat(table.err()).contains("warning:", "bad.yaml", "Did you mean 'backend'?");
        assertThat(JSON.readTree(json.out()).path(0).path("bytes").longValue()).isEqualTo(5);
        assertThat(JSON.readTree(json.out()).path(0).path("name").stringValue()).isEqualTo("m");
    }

    @Test
    void backendsAreListedWithWhatTheGalleryOffers() {
        CommandRun table = CommandRun.inHome(home, "backend", "list");
        CommandRun json = CommandRun.inHome(home, "backend", "list", "--json");

        assertThat(table.out()).contains("slipway", "offered", "slipway backend install slipway");
        assertThat(JSON.readTree(json.out()).path(0).path("state").stringValue())
                .isEqualTo("offered");
    }

    @Test
    void unknownBackendsAreNotFound() {
        CommandRun people = CommandRun.inHome(home, "backend", "install", "slipwey");
        CommandRun program = CommandRun.inHome(home, "backend", "install", "slipwey", "--json");

        assertThat(people.status()).isEqualTo(3);
        assertThat(people.err())
                .contains("error: ", "next: Did you mean 'slipway'?", "code: gallery.backend-not-found");
        assertThat(people.err()).doesNotContain("\tat ");
        JsonNode error = JSON.readTree(program.err());
        assertThat(error.path("code").stringValue()).isEqualTo("gallery.backend-not-found");
        assertThat(error.path("retryable").booleanValue()).isFalse();
        assertThat(CommandRun.inHome(home, "backend", "install", "slipwey", "--debug")
                        .err())
                .contains("\tat ");
    }

    @Test
    void theDoctorLooksAtEverything() {
        CommandRun run = CommandRun.inHome(home, "doctor");

        assertThat(run.status()).isZero();
        for (String subject : new String[] {
            "slipway",
            "host",
            "java",
            "processor",
            "kernels",
            "inflate",
            "memory",
            "distribution",
            "home",
            "disk",
            "backends",
            "models",
            "port"
        }) {
            assertThat(run.out()).containsPattern("(?m)^(ok|warning) +" + subject + " ");
        }
        JsonNode json =
                JSON.readTree(CommandRun.inHome(home, "doctor", "--json").out());
        assertThat(json).hasSize(13);
        assertThat(json.path(0).path("state").stringValue()).isEqualTo("ok");
    }

    @Test
    void theDoctorFindsAHomeThatCannotBe() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        CommandRun run = CommandRun.inHome(file.resolve("home"), "doctor");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).containsPattern("(?m)^problem +home ");
    }

    @Test
    void serveSaysWhenThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandRun run = CommandRun.inHome(home, "serve", "--port", "" + taken.getLocalPort());

            assertThat(run.status()).isEqualTo(7);
            assertThat(run.err())
                    .contains("" + taken.getLocalPort(), "slipway serve --port ", "code: http.port-in-use");
        }
    }

    @Test
    void serveSaysWhenTheHomeCannotBeWritten() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        CommandRun run = CommandRun.inHome(file.resolve("home"), "serve", "--port", "0");

        assertThat(run.status()).isEqualTo(8);
        assertThat(run.err()).contains("--home or SLIPWAY_HOME");
    }

    @Test
    void serveWarnsBeforeItListensForOtherMachines() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");

        CommandRun run = CommandRun.inHome(file.resolve("home"), "serve", "--addr", "0.0.0.0:0");

        assertThat(run.err()).startsWith("warning: 0.0.0.0 can be reached from other machines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:http", "127.0.0.1:99999", "no-such-host.invalid:1"})
    void addressesThatCannotBeAreWrongUsage(String address) {
        CommandRun run = CommandRun.inHome(home, "serve", "--addr", address);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("error: Could not listen on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsTheCommands(String shell) {
        CommandRun run = CommandRun.inHome(home, "completion", shell);

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("serve", "doctor", "--port", "complete -F");
        assertThat(CommandRun.inHome(home, "completion", "tcsh").status()).isEqualTo(2);
    }

    @Test
    void noColourIsUsedAwayFromATerminalUnlessForced() {
        CommandRun forced = CommandRun.of(
                Map.of("CLICOLOR_FORCE", "1", "SLIPWAY_HOME", home.toString()), "", "backend", "install", "x");
        CommandRun never = CommandRun.of(
                Map.of("CLICOLOR_FORCE", "1", "NO_COLOR", "1", "SLIPWAY_HOME", home.toString()),
                "",
                "backend",
                "install",
                "x");

        assertThat(forced.err()).contains("\u001b[");
        assertThat(never.err()).doesNotContain("\u001b[");
    }
}
