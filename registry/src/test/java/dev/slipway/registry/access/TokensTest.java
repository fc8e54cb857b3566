package dev.slipway.registry.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Tokens.Grant GRANT =
            new Tokens.Grant(Optional.of("alice"), List.of(new Scope("team/app", Set.of(Action.PULL, Action.PUSH))));

    private final byte[] key = new byte[32];

    private Tokens at(Instant time) {
        return new Tokens(key, Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void sayWhatTheyWereIssuedFor() {
        Tokens.Grant read = at(NOW).check(at(NOW).issue(GRANT)).orElseThrow();
        assertThat(read.user()).contains("alice");
        assertThat(read.allows(Action.PUSH, "team/app")).isTrue();
        assertThat(read.allows(Action.DELETE, "team/app")).isFalse();
        assertThat(read.allows(Action.PULL, "team/other")).isFalse();
    }

    @Test
    void expire() {
        String token = at(NOW).issue(GRANT);
        assertThat(at(NOW.plus(Tokens.LIFETIME).minusSeconds(1)).check(token)).isPresent();
        assertThat(at(NOW.plus(Tokens.LIFETIME)).check(token)).isEmpty();
    }

    @Test
    void areRefusedWhenAnythingIsChanged() {
        String token = at(NOW).issue(GRANT);
        for (int i = 0; i < token.length() - 1; i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertThat(at(NOW).check(changed)).as(changed).isEmpty();
        }
        for (String text : List.of("", ".", "..", "a.b.c", token + "x.", token.substring(0, token.lastIndexOf('.')))) {
            assertThat(at(NOW).check(text)).as(text).isEmpty();
        }
        byte[] otherKey = key.clone();
        otherKey[31] = 1;
        assertThat(new Tokens(otherKey, Clock.fixed(NOW, ZoneOffset.UTC)).check(token))
                .isEmpty();
    }

    @Test
    void areAcceptedByEveryProcessWithTheSameKey(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("sub/key");
        String token = Tokens.withKey(file).issue(GRANT);
        assertThat(Tokens.withKey(file).check(token)).isPresent();
        assertThat(Files.size(file)).isEqualTo(32);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.write(file, new byte[31]);
        assertThatThrownBy(() -> Tokens.withKey(file)).isInstanceOf(AccessException.class);
        assertThat(Tokens.LIFETIME).isLessThanOrEqualTo(Duration.ofMinutes(15));
    }
}
