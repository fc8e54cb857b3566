package dev.slipway.registry.access;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what where. What no rule allows is not allowed.
 *
 * <p>The file has a rule a line: user, pattern of repositories, actions with commas. The user {@code @users} is everybody
 * who gave a password, {@code @anonymous} everybody. A line that begins with {@code #} is a comment.
 */
public record AccessRules(List<Rule> rules) {
    private static final String USERS = "@users";
    private static final String ANONYMOUS = "@anonymous";
    private static final int MOST_RULES = 10_000;
    private static final int FIELDS = 3;

    public AccessRules {
        rules = List.copyOf(rules);
    }

    /** One line of the file. */
    public record Rule(String user, RepositoryPattern repositories, Set<Action> actions) {
        public Rule {
            actions = Set.copyOf(actions);
        }

        private boolean isAbout(Optional<String> caller) {
            return user.equals(ANONYMOUS) || (caller.isPresent() && (user.equals(USERS) || user.equals(caller.get())));
        }
    }

    /** Whoever gave a password may do everything, and nobody else anything. */
    public static AccessRules everythingForUsers() {
        return new AccessRules(List.of(new Rule(USERS, new RepositoryPattern("**"), EnumSet.allOf(Action.class))));
    }

    /** Reads the file. */
    public static AccessRules read(Path file) {
        try {
            return parse(Files.readAllLines(file), file.toString());
        } catch (IOException e) {
            throw AtomicFiles.explain("read the access rules " + file, e);
        }
    }

    static AccessRules parse(List<String> lines, String where) {
        if (lines.size() > MOST_RULES) {
            throw AccessException.invalid(where + " has more than " + MOST_RULES + " lines.");
        }
        List<Rule> rules = new ArrayList<>();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                rules.add(rule(line, where + ", line " + number));
            }
        }
        return new AccessRules(rules);
    }

    private static Rule rule(String line, String where) {
        String[] fields = line.split("\\s+");
        if (fields.length != FIELDS) {
            throw AccessException.invalid(
                    where + ": a rule is a user, a pattern and actions.", "Such as: alice team/** pull,push");
        }
        EnumSet<Action> actions = EnumSet.noneOf(Action.class);
        for (String word : fields[2].split(",", -1)) {
            actions.add(Action.of(word)
                    .orElseThrow(() -> AccessException.invalid(
                            where + ": '" + word + "' is no action.", "Actions are pull, push and delete.")));
        }
        return new Rule(fields[0], new RepositoryPattern(fields[1]), actions);
    }

    /** Whether a caller, known or not, may do something in a repository. */
    public boolean allow(Optional<String> caller, Action action, String repository) {
        return rules.stream()
                .anyMatch(rule -> rule.isAbout(caller)
                        && rule.actions().contains(action)
                        && rule.repositories().matches(repository));
    }
}
