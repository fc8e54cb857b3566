package dev.slipway.engine.tokenizer.pattern;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A set of code points: general categories and ranges, or everything but those. Characters are looked up in bit maps, so
 * that a scan over text costs a few instructions a character: one map of those below U+0800, and for the others a page
 * of 256 each, made when a text first has one of them.
 */
public final class CharacterSet {
    private static final int MAPPED = 0x800;
    private static final int PAGE_BITS = 8;

    /** No character from here on is assigned but for one plane of marks that choose variants. */
    private static final int PAGED = 0x40000;

    private static final int ALL_CATEGORIES = -1;

    /** Nothing. */
    public static final CharacterSet NONE = new CharacterSet(0, new int[0], false);

    /** Every code point. */
    public static final CharacterSet ANY = new CharacterSet(ALL_CATEGORIES, new int[0], false);

    /** Unicode's {@code White_Space}. */
    public static final CharacterSet SPACE = ofRanges(
            0x09, 0x0D, 0x20, 0x20, 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F,
            0x202F, 0x205F, 0x205F, 0x3000, 0x3000);

    private final int categories;
    private final int[] ranges;
    private final boolean negated;
    private final long[] map = new long[MAPPED >> 6];

    /** Bit maps by the upper bits of a code point. Threads may make the same page twice, and find the same. */
    private final AtomicReferenceArray<long @Nullable []> pages = new AtomicReferenceArray<>(PAGED >> PAGE_BITS);

    private CharacterSet(int categories, int[] ranges, boolean negated) {
        this.categories = categories;
        this.ranges = ranges;
        this.negated = negated;
        for (int codePoint = 0; codePoint < MAPPED; codePoint++) {
            if (test(codePoint)) {
                map[codePoint >> 6] |= 1L << codePoint;
            }
        }
    }

    /** The code points of general categories, as a bit for each of {@link Character#getType(int)}. */
    public static CharacterSet ofCategories(int categories) {
        return new CharacterSet(categories, new int[0], false);
    }

    /** Ranges in ascending order, each as its first and last code point. */
    static CharacterSet ofRanges(int... firstAndLast) {
        return new CharacterSet(0, firstAndLast.clone(), false);
    }

    /** One code point. */
    static CharacterSet of(int codePoint) {
        return ofRanges(codePoint, codePoint);
    }

    /** Everything that is not in this set. */
    CharacterSet complement() {
        return new CharacterSet(categories, ranges, !negated);
    }

    /** Everything that is in this set or in the other. */
    CharacterSet or(CharacterSet other) {
        if (this == NONE) {
            return other;
        }
        if (other == NONE) {
            return this;
        }
        CharacterSet a = positive();
        CharacterSet b = other.positive();
        return new CharacterSet(a.categories | b.categories, union(a.ranges, b.ranges), false);
    }

    /** The same set without a negation: a set of categories and ranges together is spelt out as ranges. */
    private CharacterSet positive() {
        if (!negated) {
            return this;
        }
        if (ranges.length == 0) {
            return ofCategories(~categories);
        }
        if (categories == 0) {
            return ofRanges(gaps());
        }
        int[] found = new int[16];
        int size = 0;
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            if (!test(codePoint)) {
                continue;
            }
            if (size > 0 && found[size - 1] == codePoint - 1) {
                found[size - 1] = codePoint;
                continue;
            }
            if (size + 2 > found.length) {
                found = Arrays.copyOf(found, found.length * 2);
            }
            found[size++] = codePoint;
            found[size++] = codePoint;
        }
        return new CharacterSet(0, Arrays.copyOf(found, size), false);
    }

    /** What lies between the ranges. */
    private int[] gaps() {
        int[] gaps = new int[ranges.length + 2];
        int size = 0;
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                gaps[size++] = next;
                gaps[size++] = ranges[i] - 1;
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            gaps[size++] = next;
            gaps[size++] = Character.MAX_CODE_POINT;
        }
        return Arrays.copyOf(gaps, size);
    }

    private static int[] union(int[] a, int[] b) {
        int count = (a.length + b.length) / 2;
        long[] sorted = new long[count];
        for (int i = 0; i < count; i++) {
            int at = 2 * i;
            sorted[i] = at < a.length
                    ? ((long) a[at] << 32) | a[at + 1]
                    : ((long) b[at - a.length] << 32) | b[at - a.length + 1];
        }
        Arrays.sort(sorted);
        int[] joined = new int[count * 2];
        int size = 0;
        for (long range : sorted) {
            int first = (int) (range >> 32);
            int last = (int) range;
            if (size > 0 && first <= joined[size - 1] + 1) {
                joined[size - 1] = Math.max(joined[size - 1], last);
            } else {
                joined[size++] = first;
                joined[size++] = last;
            }
        }
        return Arrays.copyOf(joined, size);
    }

    /** Whether a code point is in the set. */
    public boolean contains(int codePoint) {
        return codePoint < MAPPED ? (map[codePoint >> 6] >>> codePoint & 1) != 0 : isOnPage(codePoint);
    }

    private boolean isOnPage(int codePoint) {
        if (codePoint >= PAGED) {
            return test(codePoint);
        }
        long[] page = pages.getAcquire(codePoint >> PAGE_BITS);
        if (page == null) {
            page = newPage(codePoint >> PAGE_BITS);
        }
        return (page[codePoint >> 6 & 3] >>> codePoint & 1) != 0;
    }

    private long[] newPage(int number) {
        long[] page = new long[1 << PAGE_BITS >> 6];
        for (int low = 0; low < 1 << PAGE_BITS; low++) {
            if (test(number << PAGE_BITS | low)) {
                page[low >> 6] |= 1L << low;
            }
        }
        pages.setRelease(number, page);
        return page;
    }

    /** Whether the sets share no code point that the bit maps cover, and no other that a rough look can find. */
    boolean isSurelyDisjoint(CharacterSet other) {
        for (int i = 0; i < map.length; i++) {
            if ((map[i] & other.map[i]) != 0) {
                return false;
            }
        }
        boolean plain = !negated && !other.negated;
        // Ranges beside categories would have to be compared one by one; nobody needs the answer then.
        return plain && (categories & other.categories) == 0 && ranges.length == 0 && other.ranges.length == 0;
    }

    private boolean test(int codePoint) {
        return ((categories >>> Character.getType(codePoint) & 1) != 0 || inRanges(codePoint)) != negated;
    }

    private boolean inRanges(int codePoint) {
        int low = 0;
        int high = ranges.length / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (codePoint < ranges[2 * middle]) {
                high = middle - 1;
            } else if (codePoint > ranges[2 * middle + 1]) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }
}
