package dev.slipway.oci.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.transport.auth.Credential;
import dev.slipway.oci.transport.auth.Credentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RegistryAuthTest {
    private static final Retry FAST = new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final String SECRET = "hunter2-secret";
    /** SECRET after {@code me:}, as a Basic header has it. */
    private static final String ENCODED = "bWU6aHVudGVyMi1zZWNyZXQ=";

    private final MemoryContentStore upstream = new MemoryContentStore();
    private final MemoryContentStore store = new MemoryContentStore();
    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final Logger logger = Logger.getLogger("dev.slipway");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            logged.add(record.getMessage() + " "
                    + List.of(record.getParameters() == null ? new Object[0] : record.getParameters()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private FaultyRegistry registry;
    private FaultyRegistry other;
    private Descriptor image;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(upstream);
        other = FaultyRegistry.start(upstream);
        byte[] noise = new byte[200_000];
        new Random(1).nextBytes(noise);
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise, "one", false))
                .layer(new LayerBuilder().file(new byte[] {1, 2}, "two", false))
                .build(upstream);
        upstream.tag("1", image);
        logger.setLevel(Level.ALL);
        logger.addHandler(listener);
    }

    @AfterEach
    void stop() {
        logger.removeHandler(listener);
        logger.setLevel(null);
        registry.close();
        other.close();
        assertThat(String.join("\n", logged)).doesNotContain(SECRET).doesNotContain(ENCODED);
    }

    private PulledImage pull(Credential credential) {
        Credentials credentials = Credentials.only(registry.host(), credential, Credentials.NONE);
        try (Registries registries = Registries.create(FetchOptions.defaults(), RegistrySettings.NONE, credentials)) {
            return new Puller(registries, FAST)
                    .pull(
                            ImageReference.parse(registry.host() + "/a/b:1"),
                            PullOptions.defaults()
                                    .withPlatform(Platform.linux("amd64"))
                                    .withConcurrency(1),
                            store,
                            ProgressListener.NONE,
                            Cancellation.never());
        }
    }

    private CodedException refusal(Credential credential) {
        CodedException failure = catchThrowableOfType(CodedException.class, () -> pull(credential));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace + failure.hint()).doesNotContain(SECRET).doesNotContain(ENCODED);
        return failure;
    }

    private static Credential password() {
        return new Credential.Password("me", SECRET);
    }

    @Test
    void showsAPasswordToARegistryThatAsksForIt() {
        registry.guard().basic("me", SECRET);

        assertThat(pull(password()).manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void changesAPasswordIntoATokenAndShowsThePasswordOnlyThere() {
        registry.guard().bearer("me", SECRET);

        assertThat(pull(password()).manifestDigest()).isEqualTo(image.digest());

        assertThat(registry.guard().issued()).isEqualTo(1);
        assertThat(registry.requests())
                .filteredOn(request -> !request.path().equals("/token"))
                .noneMatch(request -> request.header("authorization").contains(ENCODED));
    }

    @Test
    void changesAnIdentityTokenIntoAToken() {
        registry.guard().identity(SECRET);

        assertThat(pull(new Credential.IdentityToken(SECRET)).manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void fallsBackToTheOldWayWhereTheServiceDoesNotKnowTheNewOne() {
        registry.guard().bearer("<token>", SECRET);

        assertThat(pull(new Credential.IdentityToken(SECRET)).manifestDigest()).isEqualTo(image.digest());

        assertThat(registry.requests()).extracting(RawRequest::method).contains("POST");
    }

    @Test
    void renewsATokenThatExpiresInTheMiddle() {
        registry.guard().bearer("me", SECRET);
        registry.guard().uses(2);

        assertThat(pull(password()).manifestDigest()).isEqualTo(image.digest());

        assertThat(registry.guard().issued()).isGreaterThan(1);
    }

    @Test
    void renewsATokenBeforeItExpires() {
        registry.guard().bearer("me", SECRET);
        // With 1 s to live it is renewed after 0.8 s; the first two blobs together take longer than that.
        registry.guard().lifetime(1);
        registry.plan(request -> request.isBlob() ? new Fault.Slow(1 << 20, Duration.ofMillis(900)) : Fault.NONE);

        pull(password());
        registry.plan(_ -> Fault.NONE);

        assertThat(registry.requests())
                .filteredOn(request -> request.path().equals("/token"))
                .hasSizeGreaterThan(1);
    }

    @Test
    void saysThatCredentialsAreWrongWithoutRepeatingThem() {
        registry.guard().basic("me", "other");
        assertThat(refusal(password()).kind()).isEqualTo(ErrorKind.DENIED);
        registry.guard().bearer("me", "other");
        CodedException failure = refusal(password());
        assertThat(failure.kind()).isEqualTo(ErrorKind.DENIED);
        assertThat(failure.hint()).contains("login");

        assertThat(refusal(Credential.anonymous()).hint()).contains("login");
        assertThat(refusal(new Credential.Anonymous("the credential helper docker-credential-x failed: gone"))
                        .getMessage())
                .contains("answered 401");
    }

    @Test
    void doesWithoutAnOldPasswordWhereAnybodyMayRead() throws IOException {
        registry.guard().bearer();
        registry.plan(request -> request.path().equals("/token")
                        && !request.header("authorization").isEmpty()
                ? Fault.Status.of(401)
                : Fault.NONE);

        // Faults come after the guard: a refusing service is made by a wrong password that it checks.
        assertThat(pull(password()).manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void showsNothingToAnotherHostThatItIsSentTo() {
        registry.guard().basic("me", SECRET);
        registry.plan(
                request -> request.isBlob() ? new Fault.Redirect(307, other.address() + request.target()) : Fault.NONE);

        assertThat(pull(password()).manifestDigest()).isEqualTo(image.digest());

        assertThat(other.requests())
                .hasSize(3)
                .allMatch(request -> request.header("authorization").isEmpty());
    }

    @Test
    void showsNothingToAMirrorOrAnotherRegistry() {
        other.guard().basic("me", SECRET);
        Credentials credentials = Credentials.only(registry.host(), password(), Credentials.NONE);
        RegistrySettings settings = RegistrySettings.NONE.withHost(
                registry.host(), RegistrySettings.Host.USUAL.withMirrors(List.of(other.address())));
        try (Registries registries = Registries.create(FetchOptions.defaults(), settings, credentials)) {
            new Puller(registries, FAST)
                    .pull(
                            ImageReference.parse(registry.host() + "/a/b:1"),
                            PullOptions.defaults().withPlatform(Platform.linux("amd64")),
                            store,
                            ProgressListener.NONE,
                            Cancellation.never());
        }
        assertThat(other.requests())
                .isNotEmpty()
                .allMatch(request -> request.header("authorization").isEmpty());
    }

    @Test
    void trustsNoTokenServiceWithoutTlsElsewhere() {
        registry.guard().bearer("me", SECRET);
        registry.guard().realm("http://192.0.2.1/token");

        assertThatThrownBy(() -> pull(password())).hasMessageContaining("a token service without TLS");
    }

    @Test
    void asksAgainOnlyAFewTimes() {
        AtomicInteger asked = new AtomicInteger();
        registry.guard().bearer();
        registry.plan(request -> {
            if (request.isManifest()) {
                asked.incrementAndGet();
                registry.guard().expire();
            }
            return Fault.NONE;
        });

        assertThat(refusal(password()).kind()).isEqualTo(ErrorKind.DENIED);

        assertThat(asked.get()).isLessThanOrEqualTo(4);
    }
}
