package dev.slipway.registry.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.registry.RegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * Users and their passwords, hashed by bcrypt as {@code htpasswd -B} writes them. The file is read once.
 *
 * <p>Checking one takes a while on purpose, so those found right are remembered for some minutes, by a hash that means
 * nothing outside of this process, and only few are checked at once.
 */
public final class Htpasswd {
    private static final Pattern HASH = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");
    private static final Duration REMEMBERED = Duration.ofMinutes(5);
    private static final int MOST_REMEMBERED = 1000;
    private static final int AT_ONCE = 2;
    private static final int LONGEST_PASSWORD = 72;

    private final Map<String, byte[]> hashes;
    /** What an unknown user's password is checked against, so that the time taken tells nothing. */
    private final byte[] nobody;

    private final byte[] salt = new byte[32];
    private final Map<Digest, Long> remembered = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(AT_ONCE);

    private Htpasswd(Map<String, byte[]> hashes) {
        this.hashes = Map.copyOf(hashes);
        SecureRandom random = new SecureRandom();
        random.nextBytes(salt);
        byte[] password = new byte[24];
        random.nextBytes(password);
        this.nobody = hashes.values().stream()
                .findFirst()
                .orElseGet(() -> BCrypt.with(BCrypt.Version.VERSION_2Y).hash(10, password));
    }

    /** Reads the file: {@code user:hash} a line. */
    public static Htpasswd read(Path file) {
        try {
            return parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw AtomicFiles.explain("read the passwords " + file, e);
        }
    }

    static Htpasswd parse(List<String> lines, String where) {
        Map<String, byte[]> hashes = new LinkedHashMap<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1 || !HASH.matcher(line.substring(colon + 1)).matches()) {
                throw AccessException.invalid(
                        where + ", line " + number + ": not a user and a bcrypt hash.", "Write it by: htpasswd -B");
            }
            hashes.put(line.substring(0, colon), line.substring(colon + 1).getBytes(StandardCharsets.US_ASCII));
        }
        return new Htpasswd(hashes);
    }

    /** Whether that is the user's password. */
    public boolean accepts(String user, String password) {
        byte[] given = password.getBytes(StandardCharsets.UTF_8);
        if (given.length > LONGEST_PASSWORD) {
            // bcrypt looks at no more; a longer one was never set as it stands.
            return false;
        }
        Optional<byte[]> hash = Optional.ofNullable(hashes.get(user));
        Digest key = key(user, given, hash.orElse(nobody));
        Long until = remembered.get(key);
        if (until != null && until - System.nanoTime() > 0) {
            return true;
        }
        boolean right = verify(given, hash.orElse(nobody)) && hash.isPresent();
        if (right) {
            remember(key);
        }
        return right;
    }

    private boolean verify(byte[] password, byte[] hash) {
        if (!places.tryAcquire()) {
            throw RegistryException.tooMany("Too many passwords are being checked at once. Try again in a second.");
        }
        try {
            return BCrypt.verifyer().verify(password, hash).verified;
        } finally {
            places.release();
        }
    }

    private void remember(Digest key) {
        long now = System.nanoTime();
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(key, now + REMEMBERED.toNanos());
    }

    private Digest key(String user, byte[] password, byte[] hash) {
        var hasher = Digest.hasher("sha256");
        hasher.update(salt);
        hasher.update(user.getBytes(StandardCharsets.UTF_8));
        hasher.update((byte) 0);
        hasher.update(hash);
        hasher.update(password);
        return Digest.of("sha256", hasher.digest());
    }
}
