package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.base.CodedException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Flattening in one pass and flattening with an index must find the same tree, whatever the layers. */
class FlattenEquivalenceTest {
    @ParameterizedTest
    @EnumSource
    void findsTheSameTreeBothWays(RandomLayers.Style style) {
        int regular = compare(style, 1, 1000);
        assertThat(regular).as("stacks that need one pass only").isGreaterThan(10);
    }

    @Tag("stress")
    @ParameterizedTest
    @EnumSource
    void findsTheSameTreeBothWaysForLong(RandomLayers.Style style) {
        assertThat(compare(style, 1_000_000, 400_000)).isPositive();
    }

    private static int compare(RandomLayers.Style style, long firstSeed, int rounds) {
        int regular = 0;
        for (long seed = firstSeed; seed < firstSeed + rounds; seed++) {
            try {
                // Compares.
                RandomLayers.of(seed, style).tree();
                regular += RandomLayers.of(seed, style).areRegular() ? 1 : 0;
            } catch (CodedException _) {
                // Both ways refuse it alike.
            } catch (AssertionError e) {
                fail("seed " + seed + ", " + style, e);
            }
        }
        return regular;
    }
}
