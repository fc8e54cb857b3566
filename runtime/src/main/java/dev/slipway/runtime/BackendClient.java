package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.DetokenizeRequest;
import dev.slipway.protocol.DetokenizeResponse;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.MetricsRequest;
import dev.slipway.protocol.MetricsResponse;
import dev.slipway.protocol.ModelMetadataResponse;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.RerankRequest;
import dev.slipway.protocol.RerankResult;
import dev.slipway.protocol.Result;
import dev.slipway.protocol.StatusResponse;
import dev.slipway.protocol.TokenizationResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Calls to one backend over one channel that stays open. Calls block, have a deadline, and fail with
 * {@link BackendException}; all threads may call at once.
 */
public final class BackendClient implements AutoCloseable {
    /**
     * The trailer by which a backend gives a failed call a stable code of its own, such as
     * {@code slipway-code: engine.context-overflow}; {@link BackendException#code} is then that code.
     */
    public static final String CODE_KEY = "slipway-code";

    /** The largest message in either direction, as the backend contract has it. */
    public static final int MAX_MESSAGE_BYTES = 50 << 20;

    private static final Duration HEALTH_DEADLINE = Duration.ofSeconds(10);
    private static final Duration QUERY_DEADLINE = Duration.ofSeconds(60);

    private final ManagedChannel channel;
    private final CallErrors.Peer peer;

    private BackendClient(ManagedChannel channel, CallErrors.Peer peer) {
        this.channel = channel;
        this.peer = peer;
    }

    static BackendClient to(InetSocketAddress address, CallErrors.Peer peer) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                // A proxy of the environment is not for loopback.
                .proxyDetector(_ -> null)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                // The listeners only put into a queue, so the transport's own thread may run them.
                .directExecutor()
                .disableRetry()
                .build();
        return new BackendClient(channel, peer);
    }

    /** The text of the {@code Health} answer, which is {@code OK} from a backend that is up. */
    public String health() {
        return health(HEALTH_DEADLINE);
    }

    String health(Duration deadline) {
        Reply reply = unary(
                BackendGrpc.getHealthMethod(), HealthMessage.getDefaultInstance(), deadline, Cancellation.never());
        return reply.getMessage().toString(StandardCharsets.UTF_8);
    }

    /**
     * Loads a model.
     *
     * @throws BackendException {@code runtime.load-failed} with the backend's own words when it says no
     */
    public void load(ModelOptions options, Duration deadline, Cancellation cancellation) {
        Result result = unary(BackendGrpc.getLoadModelMethod(), options, deadline, cancellation);
        if (!result.getSuccess()) {
            String said = result.getMessage().isBlank() ? "no reason given" : result.getMessage();
            throw new BackendException(
                    "runtime.load-failed",
                    ErrorKind.FAILURE,
                    "Backend " + peer.name() + " could not load model '" + options.getModel() + "': " + said,
                    "",
                    peer.output(),
                    null);
        }
    }

    public Reply predict(PredictOptions options, Duration deadline, Cancellation cancellation) {
        return unary(BackendGrpc.getPredictMethod(), options, deadline, cancellation);
    }

    /**
     * Generates in steps.
     *
     * @param patience the longest wait for one reply; the prompt is processed before the first
     */
    public BackendStream<Reply> predictStream(PredictOptions options, Duration patience) {
        return open(BackendGrpc.getPredictStreamMethod(), CallOptions.DEFAULT, options, patience);
    }

    public EmbeddingResult embedding(PredictOptions options, Duration deadline, Cancellation cancellation) {
        return unary(BackendGrpc.getEmbeddingMethod(), options, deadline, cancellation);
    }

    public RerankResult rerank(RerankRequest request, Duration deadline, Cancellation cancellation) {
        return unary(BackendGrpc.getRerankMethod(), request, deadline, cancellation);
    }

    public TokenizationResponse tokenize(PredictOptions options, Duration deadline) {
        return unary(BackendGrpc.getTokenizeStringMethod(), options, deadline, Cancellation.never());
    }

    public DetokenizeResponse detokenize(DetokenizeRequest request, Duration deadline) {
        return unary(BackendGrpc.getDetokenizeMethod(), request, deadline, Cancellation.never());
    }

    public StatusResponse status() {
        return query(BackendGrpc.getStatusMethod(), HealthMessage.getDefaultInstance());
    }

    public ModelMetadataResponse modelMetadata(ModelOptions options) {
        return query(BackendGrpc.getModelMetadataMethod(), options);
    }

    public MetricsResponse metrics() {
        return query(BackendGrpc.getGetMetricsMethod(), MetricsRequest.getDefaultInstance());
    }

    /** Asks the backend to let go of its model. Many backends do not offer this. */
    public Result free(Duration deadline) {
        return unary(BackendGrpc.getFreeMethod(), HealthMessage.getDefaultInstance(), deadline, Cancellation.never());
    }

    /** Ends the channel, and every call on it. */
    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** Connects at once instead of after the pause that follows a failed attempt. */
    void connectNow() {
        channel.resetConnectBackoff();
    }

    private <Q, A> A query(MethodDescriptor<Q, A> method, Q request) {
        return unary(method, request, QUERY_DEADLINE, Cancellation.never());
    }

    private <Q, A> A unary(MethodDescriptor<Q, A> method, Q request, Duration deadline, Cancellation cancellation) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
        // The transport keeps the deadline; ours is only there for the case that it does not.
        GrpcStream<Q, A> call = open(method, options, request, deadline.plusSeconds(5));
        try (var _ = cancellation.onCancel(call::close)) {
            return call.single();
        }
    }

    private <Q, A> GrpcStream<Q, A> open(
            MethodDescriptor<Q, A> method, CallOptions options, Q request, Duration patience) {
        CallErrors errors = new CallErrors(peer, String.valueOf(method.getBareMethodName()));
        return GrpcStream.open(channel.newCall(method, options), request, errors, patience);
    }
}
