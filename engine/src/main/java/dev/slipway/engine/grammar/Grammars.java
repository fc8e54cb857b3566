package dev.slipway.engine.grammar;

import dev.slipway.engine.tokenizer.Tokenizer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The compiled grammars of one model, made when first asked for; the ones used last are kept. */
public final class Grammars {
    private static final int MOST_KEPT = 16;

    private final Tokenizer tokenizer;
    private final Map<String, TokenGrammar> kept = new LinkedHashMap<>(MOST_KEPT, 0.75f, true);
    private @Nullable TokenTrie trie;

    public Grammars(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    private synchronized TokenTrie trie() {
        TokenTrie made = trie == null ? new TokenTrie(tokenizer) : trie;
        trie = made;
        return made;
    }

    /**
     * A grammar made ready for the model's vocabulary.
     *
     * @param key equal for equal rules, and different for different ones
     */
    public TokenGrammar compile(String key, Supplier<Rules> rules) {
        synchronized (kept) {
            TokenGrammar known = kept.get(key);
            if (known != null) {
                return known;
            }
        }
        TokenGrammar made = new CompiledGrammar(rules.get(), trie());
        synchronized (kept) {
            kept.put(key, made);
            if (kept.size() > MOST_KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
        return made;
    }
}
