package dev.slipway.runtime.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment of a backend: a documented few of the server's variables, and what the launch asks for.
 *
 * <p>Everything else stays behind, so that a backend behaves the same whoever starts the server, and so that the
 * server's secrets are not handed to foreign programs.
 */
public final class BackendEnvironment {
    /** What a backend inherits when the server has it. */
    static final List<String> INHERITED = List.of(
            "HOME",
            "USER",
            "LOGNAME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "XDG_CACHE_HOME",
            "CUDA_VISIBLE_DEVICES",
            "HIP_VISIBLE_DEVICES",
            "ROCR_VISIBLE_DEVICES",
            "ZE_AFFINITY_MASK");

    private static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private BackendEnvironment() {}

    /** Puts the environment together; {@code added} wins over what is inherited. */
    public static Map<String, String> of(Map<String, String> server, Map<String, String> added) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", server.getOrDefault("PATH", DEFAULT_PATH));
        // Backends of the contract end by themselves when their parent changes; a second net under the supervisor.
        environment.put("LOCALAI_BACKEND_PARENT_WATCH", server.getOrDefault("LOCALAI_BACKEND_PARENT_WATCH", "true"));
        environment.put(
                "LOCALAI_BACKEND_PARENT_WATCH_INTERVAL",
                server.getOrDefault("LOCALAI_BACKEND_PARENT_WATCH_INTERVAL", "2s"));
        for (String name : INHERITED) {
            String value = server.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        environment.putAll(added);
        return Map.copyOf(environment);
    }
}
