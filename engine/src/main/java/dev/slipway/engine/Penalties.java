package dev.slipway.engine;

/**
 * What makes tokens less likely that came before.
 *
 * @param repeat divides the logits of tokens that came before when they are positive and multiplies them when they are
 *     negative; 1 changes nothing; above 0, at most 10
 * @param repeatLastN how many of the last tokens, of prompt and answer, {@code repeat} looks at; 0 for none, −1 for all
 * @param frequency taken from a token's logit once for each time it is in the answer; −2 to 2
 * @param presence taken from the logit of a token that is in the answer, however often; −2 to 2
 * @see <a href="https://arxiv.org/abs/1909.05858">Keskar et al., CTRL, section 4.1, for the repeat penalty</a>
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's API for frequency and presence</a>
 */
public record Penalties(float repeat, int repeatLastN, float frequency, float presence) {
    /** How far the repeat penalty looks back when nothing is said. */
    public static final int DEFAULT_REPEAT_LAST_N = 64;

    /** No penalty at all. */
    public static final Penalties NONE = new Penalties(1, DEFAULT_REPEAT_LAST_N, 0, 0);

    public Penalties {
        SamplingOptions.check(repeat > 0 && repeat <= 10, "repeat penalty", repeat, "above 0, at most 10");
        SamplingOptions.check(
                repeatLastN >= -1, "length that the repeat penalty looks back", repeatLastN, "-1, 0 or more");
        SamplingOptions.check(frequency >= -2 && frequency <= 2, "frequency penalty", frequency, "-2 to 2");
        SamplingOptions.check(presence >= -2 && presence <= 2, "presence penalty", presence, "-2 to 2");
    }

    /** Whether the repeat penalty changes anything. */
    public boolean looksBack() {
        return repeat != 1 && repeatLastN != 0;
    }

    /** Whether the answer's own tokens are counted. */
    public boolean counts() {
        return frequency != 0 || presence != 0;
    }
}
