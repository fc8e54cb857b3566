package dev.slipway.cli.command;

import dev.slipway.base.Cancellation;
import dev.slipway.cli.terminal.Console;
import dev.slipway.cli.terminal.LogSetup;
import dev.slipway.cli.terminal.ProgressDisplay;
import dev.slipway.cli.terminal.StopSignal;
import dev.slipway.http.HttpException;
import dev.slipway.server.ServerOptions;
import dev.slipway.server.SlipwayServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code slipway serve}. */
@Command(
        name = "serve",
        description = {
            "Run the server: an OpenAI-compatible API over HTTP.",
            "",
            "What is missing is installed first. Ctrl-C or SIGTERM lets running answers finish for 10 seconds;",
            "a second Ctrl-C stops at once.",
            ""
        })
final class ServeCommand extends SlipwayCommand {
    @Option(
            names = "--addr",
            paramLabel = "HOST:PORT",
            description = "Where to listen (default: 127.0.0.1:8080). Other machines can reach it only if you name "
                    + "an address of this one here.")
    private String address = "";

    @Option(names = "--port", paramLabel = "N", description = "The port; 0 takes any free one.")
    private int port = -1;

    ServeCommand(Console console) {
        super(console);
    }

    @Override
    protected int execute() {
        long begin = System.nanoTime();
        InetSocketAddress listen = ListenAddress.of(address, port);
        LogSetup.install(console().err(), global.debug);
        warnWhenOpen(listen);
        try (StopSignal stop = StopSignal.listen();
                SlipwayServer server = start(listen, stop.cancellation())) {
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            if (global.json) {
                console().out().println(ReadyText.json(server));
            } else {
                ReadyText.print(console(), server, took);
            }
            int status = stop.await();
            console().err().println("Stopping: running answers have 10 seconds. Ctrl-C again stops at once.");
            return status;
        }
    }

    private SlipwayServer start(InetSocketAddress listen, Cancellation cancellation) {
        ServerOptions options = ServerOptions.of(global.home(console().environment()), listen);
        try (ProgressDisplay progress = new ProgressDisplay(console())) {
            return SlipwayServer.start(options, progress, cancellation);
        } catch (HttpException e) {
            throw e.code().equals("http.port-in-use") ? inUse(e, listen) : e;
        }
    }

    private static HttpException inUse(HttpException failure, InetSocketAddress listen) {
        int other = listen.getPort() < 65_535 ? listen.getPort() + 1 : listen.getPort() - 1;
        return new HttpException(
                failure.code(),
                failure.kind(),
                failure.status(),
                failure.getMessage(),
                "Stop it, or take another port: slipway serve --port " + other + " (0 takes any free one).",
                failure);
    }

    private void warnWhenOpen(InetSocketAddress listen) {
        InetAddress host = listen.getAddress();
        if (host != null && !host.isLoopbackAddress()) {
            console()
                    .err()
                    .println("warning: " + listen.getHostString() + " can be reached from other machines, and whoever"
                            + " reaches it may use it: there is no authentication.");
        }
    }
}
