package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.runtime.BackendStream;
import dev.slipway.runtime.ModelLease;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.time.Duration;

/** Runs one request on its model's backend. */
final class Generations {
    /** The longest wait for one reply: long prompts on small machines take minutes. */
    private static final Duration REPLY_PATIENCE = Duration.ofMinutes(15);

    private final ModelService models;

    Generations(ModelService models) {
        this.models = models;
    }

    /** Takes the parts of an answer as they come. */
    interface PartSink {
        void accept(AnswerPart part) throws IOException;
    }

    /** Generates until the answer ends; cancelling stops the backend, too. */
    void run(ModelConfig model, PredictOptions options, Answer answer, Cancellation cancellation, PartSink sink)
            throws IOException {
        try (ModelLease lease = models.lease(model, cancellation);
                BackendStream<Reply> replies = lease.client().predictStream(options, REPLY_PATIENCE);
                var _ = cancellation.onCancel(replies::close)) {
            while (replies.hasNext()) {
                for (AnswerPart part : answer.take(replies.next())) {
                    sink.accept(part);
                }
            }
            for (AnswerPart part : answer.finish()) {
                sink.accept(part);
            }
        }
    }
}
