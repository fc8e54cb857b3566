package dev.slipway.backend;

import dev.slipway.backend.model.ModelSpecification;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.Result;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A backend on a loopback port over fake engines, with a client. */
final class RunningBackend implements AutoCloseable {
    static final HealthMessage NOTHING = HealthMessage.getDefaultInstance();
    private static final int LARGEST_MESSAGE = 50 * 1024 * 1024;

    final List<FakeEngine> engines = new CopyOnWriteArrayList<>();
    final List<ModelSpecification> loads = new CopyOnWriteArrayList<>();
    final BackendServer server;
    final ManagedChannel channel;
    private final Path modelFile;

    RunningBackend() {
        this("");
    }

    RunningBackend(String token) {
        try {
            modelFile = Files.createTempFile("model", ".gguf");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        BackendServerOptions options = BackendServerOptions.at(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withToken(token)
                .withDrain(Duration.ofMillis(200));
        server = BackendServer.start(options, specification -> {
            loads.add(specification);
            FakeEngine engine = new FakeEngine("fake-" + loads.size());
            engines.add(engine);
            return engine;
        });
        channel = NettyChannelBuilder.forAddress(server.address())
                .usePlaintext()
                .maxInboundMessageSize(LARGEST_MESSAGE)
                .build();
    }

    BackendGrpc.BackendBlockingStub client() {
        return BackendGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    BackendGrpc.BackendStub asynchronous() {
        return BackendGrpc.newStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    ModelOptions.Builder options() {
        return ModelOptions.newBuilder().setModel("tiny").setModelFile(modelFile.toString());
    }

    /** Loads a fake model and returns its engine. */
    FakeEngine load() {
        Result result = client().loadModel(options().build());
        Assertions.assertThat(result.getSuccess()).as(result.getMessage()).isTrue();
        return engines.getLast();
    }

    Path modelFile() {
        return modelFile;
    }

    /** Asserts that a call fails, and returns how. */
    static StatusRuntimeException failure(Status.Code code, ThrowingCallable call) {
        StatusRuntimeException failure = Assertions.catchThrowableOfType(StatusRuntimeException.class, call);
        Assertions.assertThat(failure).isNotNull();
        Assertions.assertThat(failure.getStatus().getCode())
                .as(failure.toString())
                .isEqualTo(code);
        return failure;
    }

    static String code(StatusRuntimeException failure) {
        return failure.getTrailers() == null ? "" : failure.getTrailers().get(Failures.CODE);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        try {
            Files.deleteIfExists(modelFile);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
