package dev.slipway.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8JoinerTest {
    @Test
    void textIsTheSameHoweverItsBytesAreCut() {
        String text = "aé世\uD83D\uDE80z";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                Utf8Joiner joiner = new Utf8Joiner();
                String joined = joiner.push(Arrays.copyOfRange(bytes, 0, first))
                        + joiner.push(Arrays.copyOfRange(bytes, first, second))
                        + joiner.push(Arrays.copyOfRange(bytes, second, bytes.length))
                        + joiner.finish();
                assertThat(joined).isEqualTo(text);
            }
        }
    }

    @Test
    void whatNeverBecomesACharacterIsReplaced() {
        Utf8Joiner joiner = new Utf8Joiner();

        assertThat(joiner.push(new byte[] {'a', (byte) 0xE4, (byte) 0xB8})).isEqualTo("a");
        assertThat(joiner.finish()).isEqualTo("\uFFFD");
        assertThat(new Utf8Joiner().push(new byte[] {(byte) 0xFF, 'b'})).isEqualTo("\uFFFDb");
    }
}
