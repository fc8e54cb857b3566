package dev.slipway.runtime;

import com.google.protobuf.ByteString;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.Result;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A backend whose behaviour the prompt chooses; notes in its folder what it was asked. */
public final class FakeBackend extends BackendGrpc.BackendImplBase {
    private FakeBackend() {}

    public static void main(String[] arguments) throws Exception {
        String address = arguments[0].substring("--addr=".length());
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        System.err.println("fake backend listens on " + port);
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .addService(new FakeBackend())
                .build()
                .start();
        server.awaitTermination();
    }

    @Override
    public void health(HealthMessage request, StreamObserver<Reply> observer) {
        one(observer, reply("OK"));
    }

    @Override
    public void loadModel(ModelOptions request, StreamObserver<Result> observer) {
        note("loads", request.getModel());
        boolean good = !request.getModel().equals("bad");
        one(
                observer,
                Result.newBuilder()
                        .setSuccess(good)
                        .setMessage(good ? "" : "this model is no good")
                        .build());
    }

    @Override
    public void free(HealthMessage request, StreamObserver<Result> observer) {
        note("frees", "free");
        one(observer, Result.newBuilder().setSuccess(true).build());
    }

    @Override
    public void predict(PredictOptions request, StreamObserver<Reply> observer) {
        String prompt = request.getPrompt();
        switch (prompt) {
            case "crash" -> {
                System.err.println("about to crash");
                Runtime.getRuntime().halt(42);
            }
            case "hang" ->
                ((ServerCallStreamObserver<Reply>) observer).setOnCancelHandler(() -> note("cancelled", "hang"));
            case "overflow" -> {
                Metadata trailers = new Metadata();
                trailers.put(
                        Metadata.Key.of(BackendClient.CODE_KEY, Metadata.ASCII_STRING_MARSHALLER),
                        "engine.context-overflow");
                observer.onError(Status.OUT_OF_RANGE
                        .withDescription("The prompt has 600 tokens, and 512 fit.")
                        .asRuntimeException(trailers));
            }
            default -> {
                if (prompt.startsWith("status ")) {
                    observer.onError(Status.fromCode(Status.Code.valueOf(prompt.substring(7)))
                            .withDescription("as asked")
                            .asRuntimeException());
                } else {
                    one(observer, reply(prompt));
                }
            }
        }
    }

    @Override
    public void predictStream(PredictOptions request, StreamObserver<Reply> observer) {
        ServerCallStreamObserver<Reply> stream = (ServerCallStreamObserver<Reply>) observer;
        if (request.getPrompt().equals("endless")) {
            stream.setOnCancelHandler(() -> note("cancelled", "endless"));
            stream.onNext(reply("first"));
            return;
        }
        for (int i = 0; i < request.getTokens(); i++) {
            stream.onNext(reply(i + " "));
        }
        if (request.getPrompt().equals("crash")) {
            Runtime.getRuntime().halt(43);
        }
        stream.onCompleted();
    }

    private static Reply reply(String text) {
        return Reply.newBuilder().setMessage(ByteString.copyFromUtf8(text)).build();
    }

    private static <T> void one(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static void note(String file, String line) {
        try {
            Files.writeString(Path.of(file), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
