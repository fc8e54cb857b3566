package dev.slipway.backend;

import dev.slipway.backend.model.EngineModels;
import dev.slipway.backend.process.LaunchArguments;
import dev.slipway.backend.process.ParentWatch;
import dev.slipway.base.CodedException;
import java.io.PrintStream;
import java.util.List;

/**
 * The backend as a process: {@code --addr host:port}.
 *
 * <p>Exit status: 0 after {@code --help}, 1 when the process that started it is gone, 2 for a wrong command line, 7 when
 * the address cannot be used, 143 after SIGTERM, which lets running answers end for a few seconds.
 */
public final class BackendMain {
    private static final PrintStream NOTES = System.err;

    private BackendMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(List.of(arguments));
        } catch (CodedException e) {
            NOTES.println("slipway backend: " + Failures.text(e));
            System.exit(e.kind().exitCode());
        }
    }

    private static void run(List<String> arguments) throws InterruptedException {
        if (LaunchArguments.wantsHelp(arguments)) {
            NOTES.println(LaunchArguments.USAGE);
            return;
        }
        BackendServerOptions options = BackendServerOptions.at(LaunchArguments.address(arguments))
                .withToken(System.getenv()
                        .getOrDefault("LOCALAI_GRPC_AUTH_TOKEN", "")
                        .strip());
        // Before anything that takes time: the parent may die meanwhile. Nothing is worth saving, hence halt.
        ParentWatch.start(System.getenv(), () -> {
            NOTES.println("slipway backend: the process that started this backend is gone; stopping.");
            Runtime.getRuntime().halt(1);
        });
        BackendServer server = BackendServer.start(options, EngineModels::open);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
        NOTES.println("slipway backend: listening on " + server.address());
        server.awaitStop();
    }
}
