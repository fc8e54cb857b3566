package dev.slipway.registry.access;

import java.util.regex.Pattern;

/**
 * Which repositories a rule is about: {@code *} stands for any text within one component, {@code **} for any text at all.
 *
 * @param text as it was written, such as {@code team/**}
 */
public record RepositoryPattern(String text) {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9._/*-]{1,255}");

    public RepositoryPattern {
        if (!LEGAL.matcher(text).matches() || text.contains("***")) {
            throw AccessException.invalid("'" + text + "' is no pattern of repositories.");
        }
    }

    /** Whether a repository is meant. */
    public boolean matches(String repository) {
        return matches(text, 0, repository, 0);
    }

    private static boolean matches(String pattern, int p, String name, int n) {
        int at = p;
        int to = n;
        while (at < pattern.length()) {
            if (pattern.charAt(at) == '*') {
                boolean deep = pattern.startsWith("**", at);
                int rest = at + (deep ? 2 : 1);
                for (int end = to; end <= name.length(); end++) {
                    if (matches(pattern, rest, name, end)) {
                        return true;
                    }
                    if (end < name.length() && !deep && name.charAt(end) == '/') {
                        return false;
                    }
                }
                return false;
            }
            if (to >= name.length() || name.charAt(to) != pattern.charAt(at)) {
                return false;
            }
            at++;
            to++;
        }
        return to == name.length();
    }
}
