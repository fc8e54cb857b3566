package dev.slipway.engine.grammar;

/**
 * Where to go on when a rule or a repeated part ends, and what lies below that. Frames are told apart by identity: equal
 * ones are made once.
 */
final class Frame {
    /** Not within a repeated part. */
    static final int NO_COUNT = -2;

    /** Nothing is open: the text may end. */
    static final Frame BOTTOM = new Frame();

    final int node;
    final int min;
    final int max;
    final Frame parent;
    final int depth;
    final int number;
    /** Bytes of the shortest way from here to the end of the text. */
    final int bytesToEnd;

    @SuppressWarnings("NullAway") // The one frame without a parent; nobody asks it.
    private Frame() {
        node = Node.END_OF_RULE;
        min = NO_COUNT;
        max = NO_COUNT;
        parent = null;
        depth = 0;
        number = 0;
        bytesToEnd = 0;
    }

    Frame(Key key, int number, int ownBytes) {
        this.node = key.node;
        this.min = key.min;
        this.max = key.max;
        this.parent = key.parent;
        this.depth = parent.depth + 1;
        this.number = number;
        this.bytesToEnd = Distances.plus(ownBytes, parent.bytesToEnd);
    }

    /**
     * What makes two frames the same.
     *
     * @param node the node to go on at
     * @param min for a repeated part, how often it must still come; else {@link #NO_COUNT}
     * @param max for a repeated part, how often it may still come; else {@link #NO_COUNT}
     */
    record Key(int node, int min, int max, Frame parent) {}
}
