package dev.slipway.backend;

import dev.slipway.backend.model.LoadedModel;
import dev.slipway.backend.reply.EventReplies;
import dev.slipway.backend.request.TextRequests;
import dev.slipway.base.Cancellation;
import dev.slipway.engine.Generation;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TextRequest;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows one generation from request to last reply. */
final class TextCalls {
    /** How long one wait for the engine may last before the caller's wishes are looked at again. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private TextCalls() {}

    /** Generates and hands each reply on as it comes; returns after the last one. */
    static void run(LoadedModel model, PredictOptions options, Cancellation cancellation, Consumer<Reply> replies) {
        TextRequest request = TextRequests.from(options);
        try (Generation generation = model.engine().submit(request)) {
            // The token belongs to this one call, so the registration need not be undone.
            cancellation.onCancel(generation::cancel);
            follow(generation, new EventReplies(TextRequests.isChat(options)), cancellation, replies);
        } catch (RuntimeException e) {
            cancellation.throwIfCancelled();
            if (model.released()) {
                throw BackendException.notLoaded(": it was released while the answer was being generated");
            }
            throw e;
        }
    }

    private static void follow(
            Generation generation, EventReplies mapping, Cancellation cancellation, Consumer<Reply> replies) {
        boolean finished = false;
        while (!finished) {
            cancellation.throwIfCancelled();
            Optional<TextEvent> event = generation.next(PATIENCE);
            event.flatMap(mapping::of).ifPresent(replies);
            finished = event.filter(TextEvent.Finished.class::isInstance).isPresent();
        }
    }
}
