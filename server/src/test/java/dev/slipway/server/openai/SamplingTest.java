package dev.slipway.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1, -7, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 32, 0xFFFFFFFFL})
    void everySeedStaysASeedInThirtyTwoBits(long seed) {
        assertThat(Sampling.fold(seed)).isNotIn(0, -1).isEqualTo(Sampling.fold(seed));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -7, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void seedsThatFitAreKept(int seed) {
        assertThat(Sampling.fold(seed)).isEqualTo(seed);
    }
}
