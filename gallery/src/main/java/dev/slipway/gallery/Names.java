package dev.slipway.gallery;

import java.util.List;
import java.util.Locale;

/** Guesses what a mistyped name was meant to be. */
final class Names {
    private static final int LONGEST = 128;

    private Names() {}

    /** The most similar name, or an empty string when none is similar. */
    static String nearest(String name, List<String> candidates) {
        String wanted = name.toLowerCase(Locale.ROOT);
        if (wanted.length() > LONGEST) {
            return "";
        }
        String best = "";
        int bestDistance = Math.max(1, wanted.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How many letters must be changed, added or dropped. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[b.length()];
    }
}
