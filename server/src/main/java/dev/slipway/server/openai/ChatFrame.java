package dev.slipway.server.openai;

import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/** What all chunks of one streamed chat have in common. */
final class ChatFrame {
    private final String id = Ids.next("chatcmpl-");
    private final long created = Instant.now().getEpochSecond();
    private final String model;
    private final boolean usage;

    /** @param usage whether a last chunk tells the usage */
    ChatFrame(String model, boolean usage) {
        this.model = model;
        this.usage = usage;
    }

    String chunk(ObjectNode choice) {
        ObjectNode chunk = frame();
        chunk.putArray("choices").add(choice);
        if (usage) {
            chunk.putNull("usage");
        }
        return JsonBodies.write(chunk);
    }

    String usage(Usage taken) {
        ObjectNode last = frame();
        last.putArray("choices");
        last.set("usage", taken.toJson());
        return JsonBodies.write(last);
    }

    private ObjectNode frame() {
        return JsonBodies.object()
                .put("id", id)
                .put("object", "chat.completion.chunk")
                .put("created", created)
                .put("model", model);
    }
}
