package dev.slipway.model.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Where the Hub and its cache are, from the environment variables that the Hub's own tools read.
 *
 * @param cache the folder of {@code models--owner--name}
 * @param endpoint address of the Hub
 * @param token secret that opens private and gated models; empty for none
 * @param offline whether only the cache may be used
 * @see <a href="https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables">Environment
 *     variables</a>
 */
public record HubSettings(Path cache, URI endpoint, String token, boolean offline) {
    /** The public Hub. */
    public static final URI PUBLIC = URI.create("https://huggingface.co");

    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");

    /** Reads {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code HF_TOKEN}, {@code HF_TOKEN_PATH} and
     * {@code HF_HUB_OFFLINE}.
     *
     * @param home the user's home folder
     */
    public static HubSettings from(Map<String, String> environment, Path home) {
        String cacheHome = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base = cacheHome.isBlank() ? home.resolve(".cache") : Path.of(cacheHome);
        String hfHome = environment.getOrDefault("HF_HOME", "");
        Path hub = hfHome.isBlank() ? base.resolve("huggingface") : expand(hfHome, home);
        String cache = environment.getOrDefault("HF_HUB_CACHE", "");
        String endpoint = environment.getOrDefault("HF_ENDPOINT", "").strip().replaceAll("/+$", "");
        String tokenPath = environment.getOrDefault("HF_TOKEN_PATH", "");
        String token = environment.getOrDefault("HF_TOKEN", "").strip();
        return new HubSettings(
                cache.isBlank() ? hub.resolve("hub") : expand(cache, home),
                endpoint.isEmpty() ? PUBLIC : URI.create(endpoint),
                token.isEmpty() ? stored(tokenPath.isBlank() ? hub.resolve("token") : expand(tokenPath, home)) : token,
                TRUE.contains(environment.getOrDefault("HF_HUB_OFFLINE", "").toUpperCase(java.util.Locale.ROOT)));
    }

    private static Path expand(String path, Path home) {
        return path.startsWith("~/") ? home.resolve(path.substring(2)) : Path.of(path);
    }

    /** Where the Hub's tools put the token of someone who has logged in. */
    private static String stored(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Hub at " + endpoint + ", cache in " + cache;
    }
}
