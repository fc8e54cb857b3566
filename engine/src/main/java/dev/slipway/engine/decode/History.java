package dev.slipway.engine.decode;

import dev.slipway.engine.Penalties;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The tokens that came before, as far as the penalties of one sequence want to know them. */
final class History {
    private final Penalties penalties;
    private final Map<Integer, Integer> answer = new HashMap<>();
    private final Map<Integer, Integer> window = new HashMap<>();
    private int[] last;
    private int length;

    History(Penalties penalties, int[] prompt) {
        this.penalties = penalties;
        this.last = new int[penalties.looksBack() ? Math.max(16, prompt.length) : 0];
        for (int token : prompt) {
            remember(token);
        }
    }

    /** Takes the next token of the answer. */
    void add(int token) {
        if (penalties.counts()) {
            answer.merge(token, 1, Integer::sum);
        }
        remember(token);
    }

    private void remember(int token) {
        if (!penalties.looksBack()) {
            return;
        }
        if (length == last.length) {
            last = Arrays.copyOf(last, 2 * length);
        }
        last[length++] = token;
        window.merge(token, 1, Integer::sum);
        int lookBack = penalties.repeatLastN();
        if (lookBack >= 0 && length > lookBack) {
            window.computeIfPresent(last[length - 1 - lookBack], (_, times) -> times == 1 ? null : times - 1);
        }
    }

    /** Changes the logits of what came before. */
    void punish(float[] logits, int offset) {
        for (int token : window.keySet()) {
            float logit = logits[offset + token];
            logits[offset + token] = logit > 0 ? logit / penalties.repeat() : logit * penalties.repeat();
        }
        answer.forEach(
                (token, times) -> logits[offset + token] -= penalties.presence() + times * penalties.frequency());
    }
}
