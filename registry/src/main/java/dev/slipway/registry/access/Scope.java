package dev.slipway.registry.access;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a token is asked for: {@code repository:NAME:ACTION,…}. */
record Scope(String repository, Set<Action> actions) {
    private static final String KIND = "repository:";
    private static final int MOST = 100;

    Scope {
        actions = Set.copyOf(actions);
    }

    /** Reads parameters, each of which may hold several scopes; those of other kinds are left out. */
    static List<Scope> parse(List<String> parameters) {
        List<Scope> scopes = new ArrayList<>();
        for (String parameter : parameters) {
            for (String text : parameter.split(" ")) {
                int end = text.lastIndexOf(':');
                if (text.startsWith(KIND) && end > KIND.length() && scopes.size() < MOST) {
                    scopes.add(new Scope(text.substring(KIND.length(), end), actions(text.substring(end + 1))));
                }
            }
        }
        return scopes;
    }

    private static Set<Action> actions(String words) {
        EnumSet<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : words.split(",")) {
            if (word.equals("*")) {
                return EnumSet.allOf(Action.class);
            }
            Action.of(word).ifPresent(actions::add);
        }
        return actions;
    }

    @Override
    public String toString() {
        return KIND + repository + ":"
                + actions.stream().sorted().map(Action::word).collect(Collectors.joining(","));
    }
}
