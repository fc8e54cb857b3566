package dev.slipway.backend;

import dev.slipway.backend.model.ModelHolder;
import dev.slipway.backend.model.ModelOpener;
import dev.slipway.base.ErrorKind;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The backend's gRPC server: plaintext HTTP/2, messages of up to 50 MiB, one model at a time. */
public final class BackendServer implements AutoCloseable {
    /** What hosts and backends of the contract agree on, each way. */
    private static final int LARGEST_MESSAGE = 50 * 1024 * 1024;

    private static final int SHUTDOWN_SECONDS = 2;
    private static final int PING_SECONDS = 10;

    private final BackendServerOptions options;
    private final Server server;
    private final EventLoopGroup loops;
    private final Calls calls;
    private final ModelHolder models;

    private BackendServer(BackendServerOptions options, ModelOpener opener) {
        this.options = options;
        // The portable transport: the native one unpacks a library into a temporary folder at each start.
        loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("grpc", true), NioIoHandler.newFactory());
        calls = new Calls();
        models = new ModelHolder(opener);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(options.address())
                .channelType(NioServerSocketChannel.class)
                .bossEventLoopGroup(loops)
                .workerEventLoopGroup(loops)
                // No handler computes or waits on the thread that calls it; each hop to another costs Health a wait for
                // a
                // core while the engine has them all.
                .directExecutor()
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .permitKeepAliveWithoutCalls(true)
                .permitKeepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
                .addService(new BackendService(models, calls));
        if (!options.token().isEmpty()) {
            builder.intercept(new TokenCheck(options.token()));
        }
        server = builder.build();
    }

    /**
     * Starts to listen. {@code Health} answers from then on; a model comes with {@code LoadModel}.
     *
     * @throws BackendException {@code backend.address-unusable} when the port is taken or the host is not this one
     */
    public static BackendServer start(BackendServerOptions options, ModelOpener opener) {
        BackendServer backend = new BackendServer(options, opener);
        try {
            backend.server.start();
            return backend;
        } catch (IOException e) {
            backend.close();
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new BackendException(
                    "backend.address-unusable",
                    ErrorKind.CONFLICT,
                    "Could not listen on " + options.address() + ": " + reason.getMessage() + ".",
                    "Choose another port with --addr.",
                    e);
        }
    }

    /** Where it listens, with the port that was chosen. */
    public InetSocketAddress address() {
        return new InetSocketAddress(options.address().getAddress(), server.getPort());
    }

    /** Waits until the server has stopped. */
    public void awaitStop() throws InterruptedException {
        server.awaitTermination();
    }

    /** Takes no more calls, lets running ones end for a while, cancels the rest, and frees the model. */
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(options.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            server.shutdownNow();
        }
        models.close();
        calls.close();
        loops.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
