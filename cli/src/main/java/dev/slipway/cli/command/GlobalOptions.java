package dev.slipway.cli.command;

import dev.slipway.server.SlipwayHome;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that every command takes. */
public final class GlobalOptions {
    @Option(names = "--json", description = "Print data, and errors, as JSON.")
    boolean json;

    @Option(names = "--debug", description = "Show stack traces and debug logs.")
    boolean debug;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "Where Slipway keeps its files (default: $SLIPWAY_HOME, else ~/.local/share/slipway).")
    @Nullable
    Path home;

    /** Whether data and errors are printed as JSON. */
    public boolean json() {
        return json;
    }

    /** Whether stack traces and debug logs are shown. */
    public boolean debug() {
        return debug;
    }

    /** The home that the options or the environment name. */
    public Path home(Map<String, String> environment) {
        return home == null ? SlipwayHome.defaultFolder(environment) : home.toAbsolutePath();
    }
}
