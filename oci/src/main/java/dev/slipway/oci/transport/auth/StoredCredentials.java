package dev.slipway.oci.transport.auth;

import dev.slipway.base.Cancellation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Credentials from the files that Docker, podman, skopeo and buildah keep, and from the helpers named there.
 *
 * <p>In order: {@code REGISTRY_AUTH_FILE}; {@code config.json} in {@code DOCKER_CONFIG} or {@code ~/.docker}; podman's
 * {@code auth.json} in {@code XDG_RUNTIME_DIR}; the one in {@code XDG_CONFIG_HOME} or {@code ~/.config}. The first file
 * that has something for a host decides.
 */
public final class StoredCredentials implements Credentials {
    private final List<Path> files;
    private final Map<String, String> environment;

    private StoredCredentials(List<Path> files, Map<String, String> environment) {
        this.files = List.copyOf(files);
        this.environment = Map.copyOf(environment);
    }

    /** Looks where the variables of an environment say. Files are read when they are needed, each time anew. */
    public static StoredCredentials from(Map<String, String> environment) {
        List<Path> files = new ArrayList<>();
        String home = environment.getOrDefault("HOME", "");
        add(files, environment.getOrDefault("REGISTRY_AUTH_FILE", ""), "");
        String docker = environment.getOrDefault("DOCKER_CONFIG", home.isEmpty() ? "" : home + "/.docker");
        add(files, docker, "config.json");
        add(files, environment.getOrDefault("XDG_RUNTIME_DIR", ""), "containers/auth.json");
        String config = environment.getOrDefault("XDG_CONFIG_HOME", home.isEmpty() ? "" : home + "/.config");
        add(files, config, "containers/auth.json");
        return new StoredCredentials(files, environment);
    }

    private static void add(List<Path> files, String folder, String name) {
        if (!folder.isEmpty()) {
            files.add(name.isEmpty() ? Path.of(folder) : Path.of(folder, name.split("/")));
        }
    }

    @Override
    public Credential of(String host, String repository, Cancellation cancellation) {
        Credential best = Credential.anonymous();
        for (Path path : files) {
            Optional<CredentialFile> file = CredentialFile.read(path);
            if (file.isEmpty()) {
                continue;
            }
            String helper = file.get().helper(host);
            if (!helper.isEmpty()) {
                Credential kept = new CredentialHelper(helper, environment).credential(host, cancellation);
                if (!(kept instanceof Credential.Anonymous(String why))) {
                    return kept;
                }
                best = why.isEmpty() ? best : kept;
            }
            Optional<Credential> written = file.get().credential(host, repository);
            if (written.isPresent()) {
                return written.get();
            }
        }
        return best;
    }
}
