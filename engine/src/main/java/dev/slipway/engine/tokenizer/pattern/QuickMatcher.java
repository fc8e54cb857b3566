package dev.slipway.engine.tokenizer.pattern;

import dev.slipway.engine.tokenizer.pattern.Program.Instruction;
import java.util.Arrays;

/** Tries one way after another, and gives up when that takes too many steps. */
final class QuickMatcher extends MatchFinder.Places implements MatchFinder.Matcher {
    /** Entries of the stack have three numbers: where to go on, from which place, and what a run may still give back. */
    private static final int ENTRY = 3;

    private static final int ASCII = 128;

    private final Instruction[] program;
    private int[] stack = new int[48];
    private int top;
    private long stepsLeft;

    QuickMatcher(Instruction[] program, String text) {
        super(text);
        this.program = program;
    }

    @Override
    public void region(int newFrom, int newTo) {
        from = newFrom;
        to = newTo;
        stepsLeft = MatchFinder.patience(newTo - newFrom);
    }

    @Override
    public int match(int at) {
        top = 0;
        return run(program[program.length - 1].next(), at);
    }

    private int run(int entry, int begin) {
        int floor = top;
        int pc = entry;
        int at = begin;
        while (true) {
            if (--stepsLeft < 0) {
                return TOO_LONG;
            }
            Instruction now = program[pc];
            boolean alive = switch (now.kind()) {
                case Program.MATCH -> true;
                case Program.ONE -> {
                    int width = width(now.set(), at);
                    at += width;
                    yield width > 0;
                }
                case Program.RUN -> {
                    at = runEnd(now, pc, at);
                    yield at >= 0;
                }
                case Program.PLACE -> holds(now, at);
                case Program.BEHIND -> holdsBehind(now, at);
                case Program.AHEAD -> {
                    int found = run(now.other(), at);
                    if (found == TOO_LONG) {
                        yield false;
                    }
                    yield (found >= 0) != now.flag();
                }
                case Program.CHOICE -> {
                    int character = at < to ? text.charAt(at) : ASCII;
                    int[] branches = now.branches()[Math.min(character, ASCII)];
                    if (at == to) {
                        branches = now.branches()[ASCII];
                    }
                    for (int i = branches.length - 1; i > 0; i--) {
                        push(branches[i], at, -1);
                    }
                    if (branches.length > 0) {
                        pc = branches[0];
                    }
                    yield branches.length > 0;
                }
                default -> {
                    push(now.other(), at, -1);
                    pc = now.next();
                    yield true;
                }
            };
            if (stepsLeft < 0) {
                return TOO_LONG;
            }
            if (alive) {
                if (now.kind() == Program.MATCH) {
                    top = floor;
                    return at;
                }
                if (now.kind() != Program.CHOICE && now.kind() != Program.SPLIT) {
                    pc = now.next();
                }
                continue;
            }
            if (top == floor) {
                return NO_MATCH;
            }
            top -= ENTRY;
            pc = stack[top];
            at = stack[top + 1];
            int least = stack[top + 2];
            if (least >= 0) {
                at = before(at);
                if (at > least) {
                    push(pc, at, least);
                }
                pc = program[pc].next();
            }
        }
    }

    /** The end of a run as long as it goes, or -1; what it may give back is put on the stack. */
    private int runEnd(Instruction run, int pc, int begin) {
        CharacterSet set = run.set();
        int at = begin;
        int least = begin;
        int count = 0;
        int most = run.most();
        while (count < most) {
            int width = width(set, at);
            if (width == 0) {
                break;
            }
            at += width;
            count++;
            if (count == run.least()) {
                least = at;
            }
        }
        stepsLeft -= count;
        if (count < run.least()) {
            return -1;
        }
        if (at > least && !run.flag()) {
            push(pc, at, least);
        }
        return at;
    }

    /** The number of units of the character there if it is in the set, or 0. */
    private int width(CharacterSet set, int at) {
        if (at >= to) {
            return 0;
        }
        int character = text.charAt(at);
        if (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE) {
            return set.contains(character) ? 1 : 0;
        }
        character = characterAt(at);
        return set.contains(character) ? Character.charCount(character) : 0;
    }

    private void push(int pc, int at, int least) {
        if (top + ENTRY > stack.length) {
            stack = Arrays.copyOf(stack, stack.length * 2);
        }
        stack[top] = pc;
        stack[top + 1] = at;
        stack[top + 2] = least;
        top += ENTRY;
    }
}
