package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StopStringsTest {
    private static String stream(String text, int piece, String... stops) {
        StopStrings watcher = new StopStrings(List.of(stops));
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i += piece) {
            out.append(watcher.push(text.substring(i, Math.min(text.length(), i + piece))));
        }
        return out.append(watcher.finish()).toString();
    }

    @Test
    void endsBeforeTheFirstStopStringHoweverItIsCut() {
        for (int piece = 1; piece < 20; piece++) {
            assertThat(stream("one two END three", piece, "END")).isEqualTo("one two ");
            assertThat(stream("one two END three", piece, "three", "END")).isEqualTo("one two ");
            assertThat(stream("aaab", piece, "aab")).isEqualTo("a");
            assertThat(stream("ababac", piece, "abac")).isEqualTo("ab");
        }
    }

    @Test
    void givesEverythingWhenNoStopStringComes() {
        for (int piece = 1; piece < 20; piece++) {
            assertThat(stream("one two EN", piece, "END")).isEqualTo("one two EN");
            assertThat(stream("text", piece)).isEqualTo("text");
        }
    }

    @Test
    void holdsBackOnlyWhatMayBecomeAStopString() {
        StopStrings watcher = new StopStrings(List.of("\n\nUser:"));
        assertThat(watcher.push("Hello")).isEqualTo("Hello");
        assertThat(watcher.push(" there\n")).isEqualTo(" there");
        assertThat(watcher.push("\nUs")).isEmpty();
        assertThat(watcher.push("ual")).isEqualTo("\n\nUsual");
        assertThat(watcher.found()).isFalse();
        assertThat(watcher.push("\n\nUser: x")).isEmpty();
        assertThat(watcher.found()).isTrue();
        assertThat(watcher.push("more")).isEmpty();
        assertThat(watcher.finish()).isEmpty();
    }

    @Test
    void agreesWithSearchingTheWholeText() {
        SplittableRandom random = new SplittableRandom(20261120);
        for (int round = 0; round < 2000; round++) {
            String text = word(random, 30);
            String[] stops = {word(random, 4), word(random, 6)};
            int end = end(text, stops);
            assertThat(stream(text, random.nextInt(1, 6), stops))
                    .as("%s in %s", List.of(stops), text)
                    .isEqualTo(text.substring(0, end));
        }
    }

    private static String word(SplittableRandom random, int most) {
        StringBuilder word = new StringBuilder();
        for (int n = random.nextInt(1, most + 1); n > 0; n--) {
            word.append((char) ('a' + random.nextInt(2)));
        }
        return word.toString();
    }

    /** Reads on letter by letter until the text ends with a stop string, the longest if with both. */
    private static int end(String text, String... stops) {
        for (int length = 1; length <= text.length(); length++) {
            int longest = 0;
            for (String stop : stops) {
                longest = text.substring(0, length).endsWith(stop) ? Math.max(longest, stop.length()) : longest;
            }
            if (longest > 0) {
                return length - longest;
            }
        }
        return text.length();
    }
}
