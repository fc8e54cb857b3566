package dev.slipway.backend;

import com.google.protobuf.ByteString;
import dev.slipway.backend.model.LoadedModel;
import dev.slipway.backend.model.ModelDescription;
import dev.slipway.backend.model.ModelHolder;
import dev.slipway.backend.model.ModelSpecification;
import dev.slipway.backend.reply.VectorReplies;
import dev.slipway.backend.reply.WholeReply;
import dev.slipway.backend.request.LoadRequests;
import dev.slipway.backend.request.VectorRequests;
import dev.slipway.base.CodedException;
import dev.slipway.engine.EngineMetrics;
import dev.slipway.engine.TextEngine;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.DetokenizeRequest;
import dev.slipway.protocol.DetokenizeResponse;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.MemoryUsageData;
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
import io.grpc.stub.StreamObserver;
import java.util.List;

/**
 * The contract's service over one {@link dev.slipway.engine.TextEngine}. The rpcs that are not overridden here answer
 * UNIMPLEMENTED.
 */
final class BackendService extends BackendGrpc.BackendImplBase {
    private static final Reply OK =
            Reply.newBuilder().setMessage(ByteString.copyFromUtf8("OK")).build();

    private final ModelHolder models;
    private final Calls calls;

    BackendService(ModelHolder models, Calls calls) {
        this.models = models;
        this.calls = calls;
    }

    /** Answered at once, on the call's own thread: it tells that the process lives, whatever else it is doing. */
    @Override
    public void health(HealthMessage request, StreamObserver<Reply> out) {
        out.onNext(OK);
        out.onCompleted();
    }

    @Override
    public void loadModel(ModelOptions request, StreamObserver<Result> out) {
        calls.compute(out, () -> load(request));
    }

    private Result load(ModelOptions request) {
        try {
            ModelSpecification specification = LoadRequests.from(request);
            LoadedModel loaded = models.load(specification);
            return result(true, ModelDescription.loaded(loaded.engine()));
        } catch (CodedException e) {
            return result(false, Failures.text(e));
        } catch (OutOfMemoryError e) {
            return result(false, "The model does not fit into memory; load it with a smaller ContextSize.");
        } catch (RuntimeException e) {
            return result(false, "Could not load the model: " + e);
        }
    }

    @Override
    public void free(HealthMessage request, StreamObserver<Result> out) {
        calls.compute(out, () -> result(true, models.release() ? "released" : "no model was loaded"));
    }

    @Override
    public void predict(PredictOptions request, StreamObserver<Reply> out) {
        calls.follow(out, stream -> {
            WholeReply whole = new WholeReply();
            TextCalls.run(models.require(request.getModelIdentity()), request, stream.cancellation(), whole::add);
            stream.send(whole.build());
        });
    }

    @Override
    public void predictStream(PredictOptions request, StreamObserver<Reply> out) {
        calls.follow(
                out,
                stream -> TextCalls.run(
                        models.require(request.getModelIdentity()), request, stream.cancellation(), stream::send));
    }

    @Override
    public void embedding(PredictOptions request, StreamObserver<EmbeddingResult> out) {
        calls.compute(out, () -> embed(request));
    }

    private EmbeddingResult embed(PredictOptions request) {
        TextEngine engine = models.require(request.getModelIdentity()).engine();
        return VectorReplies.of(engine.embed(VectorRequests.input(request)));
    }

    @Override
    public void rerank(RerankRequest request, StreamObserver<RerankResult> out) {
        calls.compute(out, () -> {
            VectorRequests.check(request);
            TextEngine engine = models.require(request.getModelIdentity()).engine();
            return VectorReplies.of(request, engine.rank(request.getQuery(), request.getDocumentsList()));
        });
    }

    @Override
    public void tokenizeString(PredictOptions request, StreamObserver<TokenizationResponse> out) {
        calls.compute(out, () -> {
            List<Integer> tokens =
                    models.require(request.getModelIdentity()).engine().tokenize(request.getPrompt());
            return TokenizationResponse.newBuilder()
                    .setLength(tokens.size())
                    .addAllTokens(tokens)
                    .build();
        });
    }

    @Override
    public void detokenize(DetokenizeRequest request, StreamObserver<DetokenizeResponse> out) {
        calls.compute(
                out,
                () -> DetokenizeResponse.newBuilder()
                        .setContent(models.require("").engine().detokenize(request.getTokensList()))
                        .build());
    }

    @Override
    public void modelMetadata(ModelOptions request, StreamObserver<ModelMetadataResponse> out) {
        calls.compute(
                out,
                () -> ModelDescription.of(models.require(request.getModel()).engine()));
    }

    @Override
    public void status(HealthMessage request, StreamObserver<StatusResponse> out) {
        StatusResponse.State state = models.current()
                .map(model -> busy(model) ? StatusResponse.State.BUSY : StatusResponse.State.READY)
                .orElse(StatusResponse.State.UNINITIALIZED);
        long model = models.current()
                .map(loaded -> loaded.engine().model().memoryBytes())
                .orElse(0L);
        out.onNext(StatusResponse.newBuilder()
                .setState(models.loading() ? StatusResponse.State.BUSY : state)
                .setMemory(MemoryUsageData.newBuilder().setTotal(model).putBreakdown("model", model))
                .build());
        out.onCompleted();
    }

    private static boolean busy(LoadedModel model) {
        return model.engine().metrics().runningSlots() > 0;
    }

    @Override
    public void getMetrics(MetricsRequest request, StreamObserver<MetricsResponse> out) {
        calls.compute(out, () -> {
            EngineMetrics metrics = models.require("").engine().metrics();
            return MetricsResponse.newBuilder()
                    .setTokensPerSecond((float) metrics.lastTokensPerSecond())
                    .setTokensGenerated(Math.clamp(metrics.completionTokens(), 0, Integer.MAX_VALUE))
                    .setPromptTokensProcessed(Math.clamp(metrics.promptTokens(), 0, Integer.MAX_VALUE))
                    .build();
        });
    }

    private static Result result(boolean success, String message) {
        return Result.newBuilder().setSuccess(success).setMessage(message).build();
    }
}
