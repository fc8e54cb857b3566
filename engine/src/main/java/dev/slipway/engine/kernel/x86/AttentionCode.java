package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R12;
import static dev.slipway.engine.kernel.x86.Gpr.R13;
import static dev.slipway.engine.kernel.x86.Gpr.R14;
import static dev.slipway.engine.kernel.x86.Gpr.R15;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RBP;
import static dev.slipway.engine.kernel.x86.Gpr.RBX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;
import static dev.slipway.engine.kernel.x86.Gpr.RSP;

import dev.slipway.engine.kernel.x86.Assembler.Condition;
import dev.slipway.engine.kernel.x86.Assembler.Label;

/**
 * Attention over some pages: {@code (pages, queries, states, ranges, pageCount, tileCount)}.
 *
 * <ul>
 *   <li>{@code pages}: for each page the addresses of its keys and of its values; then those of one page more, which is
 *       fetched but not used.
 *   <li>{@code queries}: tile by tile, in each tile row by row, {@code headSize} floats each.
 *   <li>{@code states}: the same rows, {@link CacheForm#stateFloats()} floats each, brought up to date.
 *   <li>{@code ranges}: whole numbers. First the bits of the factor that scores are multiplied with; then for each tile
 *       the least {@code from}, the largest {@code from}, the least {@code to} and the largest {@code to} of its rows, then
 *       each row's {@code from} and {@code to}: it looks at positions from {@code from} up to, not including, {@code to},
 *       counted from the first of the pages. None is below 0.
 * </ul>
 *
 * <p>Pages are the outer loop, so a page stays near while all tiles look at it. Rows take the steps of the online softmax one by
 * one and share nothing but the vectors of the page, so a row's bits do not depend on the others.
 */
public final class AttentionCode {
    /** Whole numbers before the first tile's ranges. */
    public static final int RANGES_HEAD = 1;

    /** Whole numbers of a tile before those of its rows. */
    public static final int TILE_HEAD = 4;

    private static final int SAVED_BYTES = 64;

    private final Assembler a = new Assembler();
    private final CacheForm form;
    private final int rows;
    private final PageInner inner;
    private final ShareCode shares;

    // On the stack: scores, masks or scales, decays, then single values.
    private final int masksAt;
    private final int decaysAt;
    private final int pagesAt;
    private final int tilesAt;
    private final int countAt;
    private final int stackAt;

    /** The polynomial of 2^r, highest power first, and what else is needed of numbers. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Numbers(float hidden, float leastExponent, float rounder, float[] powers) {}

    private AttentionCode(Level level, CacheForm form, int rows, Numbers numbers) {
        this.form = form;
        this.rows = rows;
        this.masksAt = rows * form.page() * Float.BYTES;
        // Masks and scales are never needed at the same time.
        this.inner = new PageInner(a, level, form, rows, masksAt);
        this.shares = new ShareCode(a, level, form.page(), numbers);
        this.decaysAt = masksAt + form.page() * Integer.BYTES;
        this.pagesAt = decaysAt + SAVED_BYTES;
        this.tilesAt = pagesAt + Long.BYTES;
        this.countAt = tilesAt + Long.BYTES;
        this.stackAt = countAt + Long.BYTES;
    }

    /** Most rows that a tile can have. */
    public static int mostRows(Level level, CacheForm form) {
        return PageInner.mostRows(level, form);
    }

    /** The code for tiles of so many rows. */
    public static byte[] of(Level level, CacheForm form, int rows, Numbers numbers) {
        return new AttentionCode(level, form, rows, numbers).emit();
    }

    private byte[] emit() {
        enter();
        Label page = a.here();
        a.load64(R14, RDI, 8);
        a.load64(R15, RDI, 16);
        a.mov(R11, RSI);
        a.mov(RBX, RDX);
        a.mov(RBP, RCX);
        a.add(RBP, RANGES_HEAD * Integer.BYTES);
        a.load64(RAX, RSP, tilesAt);
        a.store64(RSP, pagesAt, R8);
        Label tile = a.here();
        a.store64(RSP, countAt + 2 * Long.BYTES, RAX);
        tile();
        a.add(R11, rows * form.headSize() * Float.BYTES);
        a.add(RBX, rows * form.stateFloats() * Float.BYTES);
        a.add(RBP, (TILE_HEAD + 2 * rows) * Integer.BYTES);
        a.load64(RAX, RSP, countAt + 2 * Long.BYTES);
        a.sub(RAX, 1);
        a.jump(Condition.NOT_ZERO, tile);
        a.add(RDI, 2 * Long.BYTES);
        a.add(R12, form.page());
        a.load64(R8, RSP, pagesAt);
        a.sub(R8, 1);
        a.jump(Condition.NOT_ZERO, page);
        leave();
        shares.data();
        return a.bytes();
    }

    private static final Gpr[] KEPT = {RBX, RBP, R12, R13, R14, R15};

    private void enter() {
        for (Gpr register : KEPT) {
            a.push(register);
        }
        a.mov(RAX, RSP);
        a.sub(RSP, stackAt + SAVED_BYTES);
        a.and(RSP, -SAVED_BYTES);
        a.store64(RSP, stackAt, RAX);
        a.store64(RSP, tilesAt, R9);
        a.mov(R12, 0);
    }

    private void leave() {
        a.load64(RAX, RSP, stackAt);
        a.mov(RSP, RAX);
        for (int i = KEPT.length - 1; i >= 0; i--) {
            a.pop(KEPT[i]);
        }
        a.vzeroupper();
        a.ret();
    }

    /** One tile and one page. R11 has its queries, RBX its states, RBP its ranges, R12 the page's first position. */
    private void tile() {
        Label done = Assembler.label();
        Label whole = Assembler.label();
        Label mix = Assembler.label();
        a.load32(R9, RBP, 3 * Integer.BYTES);
        a.cmp(R9, R12);
        a.jump(Condition.NOT_ABOVE, done);
        a.mov(R10, R12);
        a.add(R10, form.page());
        a.load32(RAX, RBP, 0);
        a.cmp(RAX, R10);
        a.jump(Condition.NOT_BELOW, done);
        count();
        a.load64(R13, RDI, 0);
        inner.scores(R11);
        a.mov(R10, R12);
        a.add(R10, form.page());
        a.load32(RAX, RBP, 2 * Integer.BYTES);
        a.load32(R9, RBP, Integer.BYTES);
        Label hidden = Assembler.label();
        a.cmp(RAX, R10);
        a.jump(Condition.BELOW, hidden);
        a.cmp(R9, R12);
        a.jump(Condition.NOT_ABOVE, whole);
        a.place(hidden);
        shares(true);
        a.jump(mix);
        a.place(whole);
        shares(false);
        a.place(mix);
        inner.mix(RBX, decaysAt, countAt, R15);
        a.place(done);
    }

    /** Positions of the page that any row looks at: up to R9, all when that lies beyond R10. */
    private void count() {
        Label fits = Assembler.label();
        a.cmp(R9, R10);
        a.jump(Condition.NOT_ABOVE, fits);
        a.mov(R9, R10);
        a.place(fits);
        a.sub(R9, R12);
        a.store64(RSP, countAt, R9);
    }

    /** All rows' scores, one row after the other. */
    private void shares(boolean hidden) {
        shares.prepare(Operand.at(RCX, 0));
        a.mov(R8, RSP);
        for (int row = 0; row < rows; row++) {
            int state = row * form.stateFloats();
            ShareCode.Places places = new ShareCode.Places(
                    Operand.at(RBX, (state + form.topAt()) * Float.BYTES),
                    Operand.at(RBX, (state + form.sumAt()) * Float.BYTES),
                    Operand.at(RSP, decaysAt + row * Float.BYTES));
            int range = (TILE_HEAD + 2 * row) * Integer.BYTES;
            shares.row(places, hidden ? new ShareCode.Range(Operand.at(RBP, range), Operand.at(RSP, masksAt)) : null);
            a.add(R8, form.page() * Float.BYTES);
        }
    }
}
