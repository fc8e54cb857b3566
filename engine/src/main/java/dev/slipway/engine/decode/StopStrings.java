package dev.slipway.engine.decode;

import java.util.List;

/**
 * Watches a streamed answer for texts that end it. Whatever may still turn out to be the beginning of such a text is held
 * back, so that no part of one is ever given out.
 */
final class StopStrings {
    private final List<String> stops;
    private String held = "";
    private boolean found;

    StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /** Whether a stop string came; nothing more is given out then. */
    boolean found() {
        return found;
    }

    /** Takes the next text; gives what is certain to be no part of a stop string. */
    String push(String text) {
        if (found) {
            return "";
        }
        String all = held + text;
        int end = firstStop(all);
        if (end >= 0) {
            found = true;
            held = "";
            return all.substring(0, end);
        }
        int safe = all.length() - possibleBeginning(all);
        held = all.substring(safe);
        return all.substring(0, safe);
    }

    /** Ends the answer; gives what was held back. */
    String finish() {
        String rest = held;
        held = "";
        return rest;
    }

    /** Where the stop string begins that is complete first, or -1; so how the text was cut makes no difference. */
    private int firstStop(String text) {
        int begin = -1;
        int end = Integer.MAX_VALUE;
        for (String stop : stops) {
            int place = text.indexOf(stop);
            int stopEnd = place + stop.length();
            if (place >= 0 && (stopEnd < end || (stopEnd == end && place < begin))) {
                begin = place;
                end = stopEnd;
            }
        }
        return begin;
    }

    /** Length of the longest end of the text that some stop string begins with. */
    private int possibleBeginning(String text) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (text.regionMatches(text.length() - length, stop, 0, length)) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
