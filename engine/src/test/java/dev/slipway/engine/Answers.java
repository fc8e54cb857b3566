package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.TextEvent.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads whole answers in tests. */
final class Answers {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Answers() {}

    /** All events of one answer. */
    record Whole(List<TextEvent> events) {
        String text() {
            return events.stream()
                    .map(event -> event instanceof TextEvent.Content content ? content.text() : "")
                    .collect(Collectors.joining());
        }

        List<TokenLogprob> logprobs() {
            return events.stream()
                    .flatMap(event ->
                            event instanceof TextEvent.Logprobs logprobs ? logprobs.tokens().stream() : Stream.of())
                    .toList();
        }

        TextEvent.Finished end() {
            return (TextEvent.Finished) events.getLast();
        }

        FinishReason reason() {
            return end().reason();
        }

        int completionTokens() {
            return end().usage().completionTokens();
        }
    }

    static Whole read(Generation generation) {
        List<TextEvent> events = new ArrayList<>();
        while (events.isEmpty() || !(events.getLast() instanceof TextEvent.Finished)) {
            Optional<TextEvent> event = generation.next(PATIENCE);
            assertThat(event).as("an event in time").isPresent();
            events.add(event.orElseThrow());
        }
        assertThat(events.getFirst()).isInstanceOf(TextEvent.Started.class);
        assertThat(generation.next(PATIENCE)).isEmpty();
        return new Whole(events);
    }

    static Whole of(TextEngine engine, TextRequest request) {
        try (Generation generation = engine.submit(request)) {
            return read(generation);
        }
    }
}
