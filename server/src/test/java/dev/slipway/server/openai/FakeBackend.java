package dev.slipway.server.openai;

import com.google.protobuf.ByteString;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.DocumentResult;
import dev.slipway.protocol.EmbeddingLayout;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.RerankRequest;
import dev.slipway.protocol.RerankResult;
import dev.slipway.protocol.Result;
import dev.slipway.protocol.ToolCallDelta;
import dev.slipway.protocol.Usage;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Somebody else's backend: a process that speaks the contract. The last word of the prompt or of the last message chooses
 * how it behaves.
 */
public final class FakeBackend extends BackendGrpc.BackendImplBase {
    private static final String TEXT = "Grüße, 世界!";
    private volatile Path events = Path.of("events.log");

    /** Serves at {@code --addr=host:port} until killed. */
    public static void main(String[] arguments) throws Exception {
        String[] address = arguments[0].substring("--addr=".length()).split(":");
        NettyServerBuilder.forAddress(new InetSocketAddress(address[0], Integer.parseInt(address[1])))
                .addService(new FakeBackend())
                .build()
                .start()
                .awaitTermination();
    }

    @Override
    public void health(HealthMessage request, StreamObserver<Reply> answer) {
        answer.onNext(
                Reply.newBuilder().setMessage(ByteString.copyFromUtf8("OK")).build());
        answer.onCompleted();
    }

    @Override
    public void loadModel(ModelOptions request, StreamObserver<Result> answer) {
        events = Path.of(request.getModelPath(), "events.log");
        note("load " + request.getModel() + " context " + request.getContextSize() + " " + request.getOptionsList());
        boolean good = !request.getModel().startsWith("broken");
        answer.onNext(Result.newBuilder()
                .setSuccess(good)
                .setMessage(good ? "" : "the file is truncated")
                .build());
        answer.onCompleted();
    }

    @Override
    public void free(HealthMessage request, StreamObserver<Result> answer) {
        answer.onNext(Result.newBuilder().setSuccess(true).build());
        answer.onCompleted();
    }

    @Override
    public void predictStream(PredictOptions request, StreamObserver<Reply> answer) {
        String text = request.getMessagesCount() > 0
                ? request.getMessages(request.getMessagesCount() - 1).getContent()
                : request.getPrompt();
        String word = text.substring(text.lastIndexOf(' ') + 1);
        switch (word) {
            case "raw" -> raw(answer);
            case "call" -> call(answer);
            case "late" -> lateName(answer);
            case "think" -> {
                answer.onNext(delta(ChatDelta.newBuilder().setReasoningContent("Hmm."), 1));
                answer.onNext(delta(ChatDelta.newBuilder().setContent("Yes."), 2));
                finish(answer, "stop", 2);
            }
            case "limit" -> {
                answer.onNext(content("cut", request.getTokens()));
                finish(answer, "", request.getTokens());
            }
            case "show" -> {
                answer.onNext(content(request.toString(), 1));
                finish(answer, "stop", 1);
            }
            case "likely" -> {
                answer.onNext(content("Gr", 1).toBuilder()
                        .setLogprobs(reports(report("Gr", -0.5, "[71,114]"), report("?", -1, "[195]")))
                        .build());
                answer.onNext(content("ü", 3).toBuilder()
                        .setLogprobs(reports(report("?", -0.25, "[188]")))
                        .build());
                answer.onNext(last("stop", 4).toBuilder()
                        .setLogprobs(reports(report("!", 0, "[33]")))
                        .setCachedPromptTokens(4)
                        .setLeftOutPromptTokens(9)
                        .build());
                answer.onCompleted();
            }
            case "nonsense" -> {
                answer.onNext(content("Hel", 1).toBuilder()
                        .setLogprobs(ByteString.copyFromUtf8("{"))
                        .build());
                answer.onNext(content("lo", 2).toBuilder()
                        .setLogprobs(ByteString.copyFromUtf8("[1]"))
                        .build());
                finish(answer, "stop", 2);
            }
            case "overflow" -> overflow(answer);
            case "die" -> {
                answer.onNext(content("half", 1));
                await(() -> false, 200);
                Runtime.getRuntime().halt(9);
            }
            case "endless" -> endless((ServerCallStreamObserver<Reply>) answer);
            case "silent" -> silent((ServerCallStreamObserver<Reply>) answer);
            default -> {
                answer.onNext(content("Hel", 1));
                answer.onNext(content("lo", 2));
                finish(answer, "stop", 2);
            }
        }
    }

    /** Bytes without deltas, one at a time, so that every longer character is cut. */
    private static void raw(StreamObserver<Reply> answer) {
        byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            answer.onNext(Reply.newBuilder()
                    .setMessage(ByteString.copyFrom(bytes, i, 1))
                    .setTokens(i + 1)
                    .setPromptTokens(3)
                    .build());
        }
        answer.onCompleted();
    }

    private static void call(StreamObserver<Reply> answer) {
        answer.onNext(call(0, "", "get_weather", "", 1));
        answer.onNext(call(0, "", "", "{\"location\":", 2));
        answer.onNext(call(0, "", "", "\"Paris\"}", 3));
        answer.onNext(call(1, "given", "get_time", "{}", 4));
        finish(answer, "tool_calls", 4);
    }

    private static void lateName(StreamObserver<Reply> answer) {
        answer.onNext(call(0, "", "", "{\"a\"", 1));
        answer.onNext(call(0, "x1", "f", ":1", 2));
        answer.onNext(call(0, "", "", "}", 3));
        finish(answer, "", 3);
    }

    private static void overflow(StreamObserver<Reply> answer) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("slipway-code", Metadata.ASCII_STRING_MARSHALLER), "engine.context-overflow");
        answer.onError(Status.INVALID_ARGUMENT
                .withDescription("The prompt has 2001 tokens, and the context holds 512.")
                .asRuntimeException(trailers));
    }

    private void endless(ServerCallStreamObserver<Reply> answer) {
        note("endless begins");
        for (int i = 1; !answer.isCancelled(); i++) {
            answer.onNext(content("x", i));
            await(answer::isCancelled, 20);
        }
        note("endless cancelled");
    }

    private void silent(ServerCallStreamObserver<Reply> answer) {
        note("silent begins");
        await(answer::isCancelled, 30_000);
        note(answer.isCancelled() ? "silent cancelled" : "silent gave up");
    }

    private interface Ended {
        boolean test();
    }

    private static void await(Ended ended, long milliseconds) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        while (!ended.test() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    @Override
    public void embedding(PredictOptions request, StreamObserver<EmbeddingResult> answer) {
        EmbeddingResult.Builder result = EmbeddingResult.newBuilder().setPromptTokens(2);
        if (request.getEmbeddings().startsWith("tokens")) {
            result.addEmbeddings(3)
                    .addEmbeddings(0)
                    .addEmbeddings(3)
                    .addEmbeddings(8)
                    .setDim(2)
                    .setTokens(2)
                    .setLayout(EmbeddingLayout.EMBEDDING_LAYOUT_PER_TOKEN);
        } else {
            result.addEmbeddings(0.5f)
                    .addEmbeddings(request.getEmbeddings().length() + request.getEmbeddingTokensCount() * 100);
        }
        answer.onNext(result.build());
        answer.onCompleted();
    }

    /** Longer documents are more relevant. */
    @Override
    public void rerank(RerankRequest request, StreamObserver<RerankResult> answer) {
        RerankResult.Builder result = RerankResult.newBuilder()
                .setUsage(Usage.newBuilder().setPromptTokens(7).setTotalTokens(7));
        IntStream.range(0, request.getDocumentsCount())
                .mapToObj(i -> DocumentResult.newBuilder()
                        .setIndex(i)
                        .setText(request.getDocuments(i))
                        .setRelevanceScore(request.getDocuments(i).length() / 8f)
                        .build())
                .sorted(Comparator.comparing(DocumentResult::getRelevanceScore).reversed())
                .forEach(result::addResults);
        answer.onNext(result.build());
        answer.onCompleted();
    }

    private static Reply content(String text, int tokens) {
        return delta(ChatDelta.newBuilder().setContent(text), tokens).toBuilder()
                .setMessage(ByteString.copyFromUtf8(text))
                .build();
    }

    private static Reply call(int index, String id, String name, String fragment, int tokens) {
        return delta(
                ChatDelta.newBuilder()
                        .addToolCalls(ToolCallDelta.newBuilder()
                                .setIndex(index)
                                .setId(id)
                                .setName(name)
                                .setArguments(fragment)),
                tokens);
    }

    private static Reply delta(ChatDelta.Builder delta, int tokens) {
        return Reply.newBuilder()
                .addChatDeltas(delta)
                .setTokens(tokens)
                .setPromptTokens(5)
                .build();
    }

    private static ByteString reports(String... reports) {
        return ByteString.copyFromUtf8("{\"content\":[" + String.join(",", reports) + "]}");
    }

    private static String report(String token, double logprob, String bytes) {
        String entry = "\"token\":\"" + token + "\",\"logprob\":" + logprob + ",\"bytes\":" + bytes;
        return "{" + entry + ",\"top_logprobs\":[{" + entry + "}]}";
    }

    private static Reply last(String reason, int tokens) {
        return Reply.newBuilder()
                .setTokens(tokens)
                .setPromptTokens(5)
                .setFinishReason(reason)
                .build();
    }

    private static void finish(StreamObserver<Reply> answer, String reason, int tokens) {
        answer.onNext(last(reason, tokens));
        answer.onCompleted();
    }

    private void note(String line) {
        try {
            Files.writeString(events, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
