package dev.slipway.registry.mirror;

import java.time.Duration;

/**
 * How a registry mirrors others.
 *
 * @param tagLife how long a tag is taken to be what it was; after that its upstream is asked again
 * @param offline whether upstreams are never asked
 */
public record MirrorOptions(Upstreams upstreams, Duration tagLife, boolean offline) {
    public MirrorOptions {
        if (tagLife.isNegative()) {
            throw new IllegalArgumentException("a tag lives for no negative time: " + tagLife);
        }
    }

    /** Asks about a tag once a minute at most. */
    public static MirrorOptions of(Upstreams upstreams) {
        return new MirrorOptions(upstreams, Duration.ofMinutes(1), false);
    }

    public MirrorOptions withTagLife(Duration life) {
        return new MirrorOptions(upstreams, life, offline);
    }

    public MirrorOptions withOffline(boolean never) {
        return new MirrorOptions(upstreams, tagLife, never);
    }
}
