package dev.slipway.registry.access;

import java.util.Locale;
import java.util.Optional;

/** What may be done in a repository. */
public enum Action {
    PULL,
    PUSH,
    DELETE;

    /** The word that scopes and rules use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The action of that word; empty when it is none of ours. */
    static Optional<Action> of(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
