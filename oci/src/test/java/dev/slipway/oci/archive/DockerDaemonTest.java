package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transport.ContentDestination;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a daemon may answer, well and badly. */
class DockerDaemonTest {
    @TempDir
    Path folder;

    private FakeDaemon fake;
    private byte[] archive;

    @BeforeEach
    void start() throws Exception {
        fake = new FakeDaemon(folder.resolve("d.sock"));
        SampleImages.copy(
                SampleImages.source(SampleImages.image()),
                DockerArchive.single(folder.resolve("a.tar"), java.util.Optional.of(SampleImages.NAME)),
                SampleImages.amd64());
        archive = Files.readAllBytes(folder.resolve("a.tar"));
    }

    @AfterEach
    void stop() throws Exception {
        fake.close();
    }

    @Test
    void takesAnImageInChunksOfAnySize() {
        fake.answer(FakeDaemon.chunked(archive, new Random(7)));

        MemoryContentStore store = take();

        assertThat(store.names()).containsExactly("x");
        assertThat(fake.request()).startsWith("GET /images/localhost/sample/app:1/get HTTP/1.1\r\n");
    }

    @Test
    void takesAnImageOfKnownLengthAndOneThatEndsWithTheConnection() {
        fake.answer(FakeDaemon.head("HTTP/1.1 200 OK\r\nContent-Length: " + archive.length, archive));
        assertThat(take().names()).containsExactly("x");

        fake.answer(FakeDaemon.head("HTTP/1.0 200 OK\r\nContent-Type: application/x-tar", archive));
        assertThat(take().names()).containsExactly("x");
    }

    @Test
    void givesAnImageWithItsLengthAndReadsTheVerdict() {
        fake.answer(FakeDaemon.head("HTTP/1.1 200 OK", "{\"stream\":\"Loaded\"}\n".getBytes(StandardCharsets.UTF_8)));
        give();
        assertThat(fake.request())
                .startsWith("POST /images/load?quiet=1 HTTP/1.1\r\n")
                .contains("Content-Length: " + archive.length);
        assertThat(fake.bodyLength()).isEqualTo(archive.length);

        fake.answer(FakeDaemon.head(
                "HTTP/1.1 200 OK",
                "{\"stream\":\"a\"}\n{\"errorDetail\":{\"message\":\"no\"},\"error\":\"no space left\"}\n"
                        .getBytes(StandardCharsets.UTF_8)));
        assertRefused(this::give, "oci.daemon-refused", "no space left");
    }

    @ParameterizedTest
    @CsvSource({
        "404 Not Found,oci.unknown-reference",
        "500 Internal Server Error,oci.daemon-refused",
        "403 Forbidden,oci.daemon-refused",
        "301 Moved,oci.daemon-refused"
    })
    void passesOnWhatTheDaemonSays(String status, String code) {
        fake.answer(
                FakeDaemon.head("HTTP/1.1 " + status, "{\"message\":\"so it is\"}".getBytes(StandardCharsets.UTF_8)));
        assertRefused(this::take, code, "so it is");
    }

    @ParameterizedTest
    @CsvSource({
        "'SSH-2.0-OpenSSH\r\n\r\n'",
        "'HTTP/1.1 200 OK\r\nno colon\r\n\r\n'",
        "'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n'",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n'",
        "'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n'",
        "''"
    })
    void refusesWhatIsNoHttp(String answer) {
        fake.answer(answer.getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(this::take, "oci.daemon-answer", "failed");
    }

    @Test
    void refusesAnswersWithoutEnd() {
        fake.answer(("HTTP/1.1 200 OK\r\nX: " + "x".repeat(100_000)).getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(this::take, "oci.daemon-answer", "too long");

        fake.answer(("HTTP/1.1 200 OK\r\n" + "X-1: x\r\nY: y\r\n".repeat(10) + "Content-Length: 9\r\n\r\nshort")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(this::take, "base.io", "4 bytes early");
    }

    @Test
    void givesUpOnASilentDaemonAndWhenAsked() {
        fake.staySilent();
        assertThatThrownBy(() -> DockerDaemon.at(folder.resolve("d.sock"), Duration.ofMillis(200))
                        .source(SampleImages.NAME, Cancellation.never()))
                .isInstanceOfSatisfying(CodedException.class, e -> {
                    assertThat(e.code()).isEqualTo("oci.daemon-unreachable");
                    assertThat(e).hasMessageContaining("silent");
                });

        fake.staySilent();
        Cancellation cancellation = new Cancellation();
        fake.whenAsked(cancellation::cancel);
        assertThatThrownBy(() -> DockerDaemon.at(folder.resolve("d.sock")).source(SampleImages.NAME, cancellation))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("base.cancelled"));
    }

    @Test
    void saysWhereItLooked() {
        assertThatThrownBy(() -> DockerDaemon.find(Map.of("DOCKER_HOST", "tcp://1.2.3.4:2375")))
                .hasMessageContaining("only Unix sockets");
        assertRefused(
                () -> DockerDaemon.find(Map.of("DOCKER_HOST", "unix:///nonexistent/d.sock"))
                        .source(SampleImages.NAME, Cancellation.never()),
                "oci.daemon-unreachable",
                "/nonexistent/d.sock");
    }

    private MemoryContentStore take() {
        MemoryContentStore store = new MemoryContentStore();
        SampleImages.copy(
                DockerDaemon.at(folder.resolve("d.sock")).source(SampleImages.NAME, Cancellation.never()),
                new ContentDestination(store, "x"),
                SampleImages.amd64());
        return store;
    }

    private void give() {
        SampleImages.copy(
                SampleImages.source(SampleImages.image()),
                DockerDaemon.at(folder.resolve("d.sock")).destination(SampleImages.NAME),
                SampleImages.amd64());
    }

    private static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String code, String words) {
        assertThatThrownBy(action).isInstanceOfSatisfying(CodedException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e).hasMessageContaining(words);
        });
    }
}
