package dev.slipway.oci.transport.auth;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Docker's {@code config.json} or podman's {@code auth.json}, which is much the same.
 *
 * @see <a href="https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md">containers-auth.json(5)</a>
 */
final class CredentialFile {
    private static final ByteSize MAX_SIZE = ByteSize.ofMebibytes(4);
    /** The user name under which tokens are kept where only pairs fit. */
    private static final String TOKEN_USER = "<token>";

    private final Map<String, JsonObject> auths = new HashMap<>();
    private final Map<String, String> helpers = new HashMap<>();
    private final String store;

    private CredentialFile(JsonObject json) {
        json.object("auths")
                .ifPresent(entries -> entries.keys()
                        .forEach(key -> entries.object(key).ifPresent(entry -> auths.put(normalised(key), entry))));
        json.stringMap("credHelpers").forEach((key, helper) -> helpers.put(normalised(key), helper));
        store = json.string("credsStore").orElse("");
    }

    /** Reads a file; empty when there is none. */
    static Optional<CredentialFile> read(Path path) {
        byte[] bytes;
        try {
            if (Files.size(path) > MAX_SIZE.bytes()) {
                throw unusable(path, "it is longer than " + MAX_SIZE);
            }
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("read the credentials in " + path, e);
        }
        try {
            String text = new String(bytes, StandardCharsets.UTF_8);
            return text.isBlank()
                    ? Optional.empty()
                    : Optional.of(new CredentialFile(JsonObject.parse(bytes, "the credentials in " + path, MAX_SIZE)));
        } catch (OciException e) {
            // Without the parser's words as cause: they may quote the file.
            throw unusable(path, "it is malformed");
        }
    }

    private static OciException unusable(Path path, String why) {
        return new OciException(
                "oci.invalid-credentials",
                ErrorKind.INVALID,
                "Reading the credentials in " + path + " failed: " + why + ".",
                "Correct the file, or log in again with the tool that wrote it.",
                null);
    }

    /** Hosts are written in many ways: with a scheme, with the path of an API, and Docker Hub by its first address. */
    private static String normalised(String key) {
        String bare = key.replaceFirst("^https?://", "").replaceFirst("/+$", "").replaceFirst("/v[12]$", "");
        int slash = bare.indexOf('/');
        String host = (slash < 0 ? bare : bare.substring(0, slash)).toLowerCase(Locale.ROOT);
        boolean hub = host.equals("index.docker.io") || host.equals("registry-1.docker.io");
        return (hub ? ImageReference.DOCKER_HUB : host) + (slash < 0 ? "" : bare.substring(slash));
    }

    /** The helper to ask about a host; empty for none. */
    String helper(String host) {
        return helpers.getOrDefault(host, store);
    }

    /** What the file itself holds for a repository: the entry with the longest path that leads to it. */
    Optional<Credential> credential(String host, String repository) {
        String key = host + "/" + repository;
        while (true) {
            Optional<Credential> found = Optional.ofNullable(auths.get(key)).flatMap(CredentialFile::credential);
            if (found.isPresent() || key.equals(host)) {
                return found;
            }
            key = key.substring(0, key.lastIndexOf('/'));
        }
    }

    private static Optional<Credential> credential(JsonObject entry) {
        Optional<String> identity = entry.string("identitytoken").filter(text -> !text.isEmpty());
        if (identity.isPresent()) {
            return Optional.of(new Credential.IdentityToken(identity.get()));
        }
        Optional<String> token = entry.string("registrytoken").filter(text -> !text.isEmpty());
        if (token.isPresent()) {
            return Optional.of(new Credential.RegistryToken(token.get()));
        }
        Optional<String> pair =
                entry.string("auth").filter(text -> !text.isEmpty()).flatMap(CredentialFile::decoded);
        if (pair.isPresent()) {
            int colon = pair.get().indexOf(':');
            return colon < 0
                    ? Optional.empty()
                    : Optional.of(of(pair.get().substring(0, colon), pair.get().substring(colon + 1)));
        }
        String user = entry.string("username").orElse("");
        return user.isEmpty()
                ? Optional.empty()
                : Optional.of(of(user, entry.string("password").orElse("")));
    }

    private static Optional<String> decoded(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64.strip());
            return Optional.of(new String(bytes, StandardCharsets.UTF_8).replaceFirst("\0+$", ""));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** A pair as a credential: some pairs are tokens. */
    static Credential of(String user, String secret) {
        return user.equals(TOKEN_USER) ? new Credential.IdentityToken(secret) : new Credential.Password(user, secret);
    }
}
