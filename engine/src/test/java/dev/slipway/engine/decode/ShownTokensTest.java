package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.TokenLogprob;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShownTokensTest {
    private final ShownTokens shown = new ShownTokens();

    private List<Integer> push(int token, int decoded, int given) {
        shown.note(new TokenLogprob(token, new byte[0], -1, List.of()));
        shown.advance(decoded, given);
        return taken();
    }

    private List<Integer> taken() {
        return shown.take().stream().map(TokenLogprob::token).toList();
    }

    @Test
    void givesReportsWithTheirText() {
        assertThat(push(1, 3, 3)).containsExactly(1);
        assertThat(push(2, 1, 1)).containsExactly(2);
        assertThat(taken()).isEmpty();
    }

    @Test
    void holdsBackWhatIsHalfACharacterUntilItIsWhole() {
        assertThat(push(1, 0, 0)).isEmpty();
        assertThat(push(2, 1, 1)).containsExactly(1, 2);
    }

    @Test
    void holdsBackWhatMayBeginAStopString() {
        assertThat(push(1, 4, 2)).containsExactly(1);
        assertThat(push(2, 4, 0)).isEmpty();
        assertThat(push(3, 4, 10)).containsExactly(2, 3);
    }

    @Test
    void neverGivesTokensOfAStopString() {
        assertThat(push(1, 4, 4)).containsExactly(1);
        assertThat(push(2, 4, 0)).isEmpty();
        assertThat(push(3, 4, 0)).isEmpty();
        assertThat(taken()).isEmpty();
    }

    @Test
    void givesTheRestAtTheEnd() {
        assertThat(push(1, 4, 0)).isEmpty();
        shown.finish();
        assertThat(taken()).containsExactly(1);
    }
}
