package dev.slipway.engine.tokenizer.pattern;

import dev.slipway.engine.tokenizer.pattern.Program.Instruction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Tries one way after another, and never the same one twice: of every instruction that offers a choice it remembers at
 * which places all of them failed, and inside a look-ahead also where one of them did not.
 */
final class RememberingMatcher extends MatchFinder.Places implements MatchFinder.Matcher {
    private static final int ENTRY = 2;
    private static final int ASCII = 128;

    /** Marks an entry that says: everything after the choice at this place has failed. */
    private static final int FAILED = 1 << 30;

    private static final int BLOCK = 4_096;

    private final Instruction[] program;
    private long[] @Nullable [] memory = new long[0][];
    private int blocks;
    private int[] stack = new int[256];
    private int top;

    RememberingMatcher(Instruction[] program, String text) {
        super(text);
        this.program = program;
    }

    @Override
    public void region(int newFrom, int newTo) {
        from = newFrom;
        to = newTo;
        blocks = (newTo - newFrom) / BLOCK + 1;
        memory = new long[Math.multiplyExact(program.length, blocks)][];
    }

    @Override
    public int match(int at) {
        top = 0;
        return run(program[program.length - 1].next(), at, false);
    }

    private int run(int entry, int begin, boolean ahead) {
        int floor = top;
        int pc = entry;
        int at = begin;
        while (true) {
            Instruction now = program[pc];
            boolean alive = true;
            if (now.kind() == Program.MATCH || (ahead && isChoice(now) && recalls(pc, at, 1))) {
                if (ahead) {
                    rememberSuccess(floor);
                }
                top = floor;
                return at;
            }
            if (isChoice(now) && recalls(pc, at, 0)) {
                alive = false;
            } else {
                if (isChoice(now)) {
                    push(pc | FAILED, at);
                }
                switch (now.kind()) {
                    case Program.ONE -> {
                        int width = width(now.set(), at);
                        alive = width > 0;
                        at += width;
                        pc = now.next();
                    }
                    case Program.LOOP -> {
                        int width = width(now.set(), at);
                        if (width > 0 && !now.flag()) {
                            push(now.next(), at);
                        }
                        at += width;
                        pc = width > 0 ? pc : now.next();
                    }
                    case Program.PLACE -> {
                        alive = holds(now, at);
                        pc = now.next();
                    }
                    case Program.BEHIND -> {
                        alive = holdsBehind(now, at);
                        pc = now.next();
                    }
                    case Program.AHEAD -> {
                        alive = (run(now.other(), at, true) >= 0) != now.flag();
                        pc = now.next();
                    }
                    case Program.CHOICE -> {
                        int[] branches = now.branches()[at < to ? Math.min(text.charAt(at), ASCII) : ASCII];
                        for (int i = branches.length - 1; i > 0; i--) {
                            push(branches[i], at);
                        }
                        alive = branches.length > 0;
                        pc = alive ? branches[0] : pc;
                    }
                    default -> {
                        push(now.other(), at);
                        pc = now.next();
                    }
                }
            }
            while (!alive) {
                if (top == floor) {
                    return NO_MATCH;
                }
                top -= ENTRY;
                at = stack[top + 1];
                if ((stack[top] & FAILED) != 0) {
                    remember(stack[top] & ~FAILED, at, 0);
                } else {
                    pc = stack[top];
                    alive = true;
                }
            }
        }
    }

    private static boolean isChoice(Instruction instruction) {
        int kind = instruction.kind();
        return kind == Program.CHOICE || kind == Program.SPLIT || kind == Program.LOOP;
    }

    /** What is still on the stack of a look-ahead that succeeded is the way that led there. */
    private void rememberSuccess(int floor) {
        for (int entry = floor; entry < top; entry += ENTRY) {
            if ((stack[entry] & FAILED) != 0) {
                remember(stack[entry] & ~FAILED, stack[entry + 1], 1);
            }
        }
    }

    private boolean recalls(int pc, int at, int which) {
        int place = at - from;
        long[] block = memory[pc * blocks + place / BLOCK];
        int bit = place % BLOCK * 2 + which;
        return block != null && (block[bit >> 6] >>> bit & 1) != 0;
    }

    private void remember(int pc, int at, int which) {
        int place = at - from;
        int index = pc * blocks + place / BLOCK;
        long[] block = memory[index];
        if (block == null) {
            block = new long[BLOCK * 2 / Long.SIZE];
            memory[index] = block;
        }
        int bit = place % BLOCK * 2 + which;
        block[bit >> 6] |= 1L << bit;
    }

    private int width(CharacterSet set, int at) {
        if (at >= to) {
            return 0;
        }
        int character = characterAt(at);
        return set.contains(character) ? Character.charCount(character) : 0;
    }

    private void push(int pc, int at) {
        if (top + ENTRY > stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[top] = pc;
        stack[top + 1] = at;
        top += ENTRY;
    }
}
