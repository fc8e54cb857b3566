package dev.slipway.registry.access;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Issues and checks bearer tokens: JSON web tokens signed by HMAC-SHA256, which every process with the same key accepts.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519">RFC 7519, JSON Web Token</a>
 */
public final class Tokens {
    /** How long a token is good. */
    public static final Duration LIFETIME = Duration.ofMinutes(5);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int KEY_BYTES = 32;
    private static final int LONGEST = 1 << 16;
    private static final String HEAD = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

    private final byte[] key;
    private final Clock clock;

    Tokens(byte[] key, Clock clock) {
        if (key.length < KEY_BYTES) {
            throw AccessException.invalid(
                    "The key of tokens has " + key.length + " bytes; it needs " + KEY_BYTES + ".",
                    "Make one by: head -c 32 /dev/urandom > FILE");
        }
        this.key = key.clone();
        this.clock = clock;
    }

    /** Tokens of this process alone. */
    public static Tokens ephemeral() {
        return new Tokens(random(), Clock.systemUTC());
    }

    /** Tokens signed with the key in a file, which is made, for its owner's eyes only, when missing. */
    public static Tokens withKey(Path file) {
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return new Tokens(Files.readAllBytes(file), Clock.systemUTC());
        } catch (IOException e) {
            throw AtomicFiles.explain("read the key of tokens " + file, e);
        }
    }

    private static void create(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path staging = file.resolveSibling(
                "." + file.getFileName() + "-" + ProcessHandle.current().pid());
        Files.deleteIfExists(staging);
        var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Files.createFile(staging, mine);
        Files.write(staging, random(), StandardOpenOption.WRITE);
        try {
            // A link, unlike a rename, leaves a key alone that another process has just made.
            Files.createLink(file, staging);
        } catch (FileAlreadyExistsException _) {
            // Then that one is the key.
        } finally {
            Files.deleteIfExists(staging);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** What a token says: who holds it, and what it opens. */
    record Grant(Optional<String> user, List<Scope> scopes) {
        boolean allows(Action action, String repository) {
            return scopes.stream()
                    .anyMatch(scope -> scope.repository().equals(repository)
                            && scope.actions().contains(action));
        }
    }

    String issue(Grant grant) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", grant.user().orElse(""));
        claims.put("exp", now().plus(LIFETIME).getEpochSecond());
        claims.put("scope", grant.scopes().stream().map(Scope::toString).toList());
        String signed = HEAD + "." + encode(JsonObject.write(claims));
        return signed + "." + encode(sign(signed));
    }

    /** What a token says, when it is one of ours and still good. */
    Optional<Grant> check(String token) {
        int dot = token.lastIndexOf('.');
        if (token.length() > LONGEST || dot < 0 || !token.startsWith(HEAD + ".") || dot <= HEAD.length()) {
            return Optional.empty();
        }
        try {
            byte[] given = Base64.getUrlDecoder().decode(token.substring(dot + 1));
            if (!MessageDigest.isEqual(given, sign(token.substring(0, dot)))) {
                return Optional.empty();
            }
            byte[] claims = Base64.getUrlDecoder().decode(token.substring(HEAD.length() + 1, dot));
            JsonObject json = JsonObject.parse(claims, "a token", new ByteSize(LONGEST));
            OptionalLong until = json.number("exp");
            if (until.isEmpty() || now().getEpochSecond() >= until.getAsLong()) {
                return Optional.empty();
            }
            return Optional.of(
                    new Grant(json.string("sub").filter(text -> !text.isEmpty()), Scope.parse(json.strings("scope"))));
        } catch (IllegalArgumentException | CodedException _) {
            return Optional.empty();
        }
    }

    Instant now() {
        return clock.instant();
    }

    private byte[] sign(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
