package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamDecoderTest {
    @Test
    void aCharacterAppearsOnlyWhenItIsWhole() {
        byte[] llama = "🦙".getBytes(StandardCharsets.UTF_8);
        StreamDecoder decoder = new StreamDecoder();
        assertThat(decoder.push(Arrays.copyOf(llama, 1))).isEmpty();
        assertThat(decoder.push(Arrays.copyOfRange(llama, 1, 3))).isEmpty();
        assertThat(decoder.push(Arrays.copyOfRange(llama, 3, 4))).isEqualTo("🦙");
        assertThat(decoder.finish()).isEmpty();
    }

    @Test
    void aCharacterThatNeverEndsBecomesOneReplacement() {
        StreamDecoder decoder = new StreamDecoder();
        assertThat(decoder.push(new byte[] {'a', (byte) 0xF0, (byte) 0x9F})).isEqualTo("a");
        assertThat(decoder.finish()).isEqualTo("\uFFFD");
        assertThat(decoder.push(new byte[] {'b'})).isEqualTo("b");
    }

    @Test
    void bytesThatBeginNothingAreReplacedAtOnce() {
        StreamDecoder decoder = new StreamDecoder();
        assertThat(decoder.push(new byte[] {(byte) 0xC3})).isEmpty();
        assertThat(decoder.push(new byte[] {'x'})).isEqualTo("\uFFFDx");
        assertThat(decoder.push(new byte[] {(byte) 0xFF})).isEqualTo("\uFFFD");
    }

    @Test
    void anyCutOfAnyBytesGivesWhatTheWholeGives() {
        long seed = 5;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            byte[] text = "ä🦙中".getBytes(StandardCharsets.UTF_8);
            byte[] mixed = Arrays.copyOf(bytes, bytes.length + text.length);
            System.arraycopy(text, 0, mixed, bytes.length, text.length);
            StreamDecoder decoder = new StreamDecoder();
            StringBuilder joined = new StringBuilder();
            for (int from = 0; from < mixed.length; ) {
                int to = Math.min(mixed.length, from + random.nextInt(4));
                joined.append(decoder.push(Arrays.copyOfRange(mixed, from, to)));
                from = to;
            }
            joined.append(decoder.finish());
            assertThat(joined.toString())
                    .as("seed %d, bytes %s", seed, Arrays.toString(mixed))
                    .isEqualTo(new String(mixed, StandardCharsets.UTF_8));
        }
    }
}
