package dev.slipway.engine.grammar;

import java.util.concurrent.locks.ReentrantLock;

/** A grammar with the machine that runs it; what one answer finds out serves the next. */
final class CompiledGrammar implements TokenGrammar {
    private final ReentrantLock lock = new ReentrantLock();
    private final Program program;
    private final TokenTrie trie;
    private final Machine machine;
    private final Masks masks;

    CompiledGrammar(Rules rules, TokenTrie trie) {
        this.program = Program.of(rules);
        this.trie = trie;
        this.machine = new Machine(program);
        this.masks = new Masks(program, machine, trie);
    }

    @Override
    public Run newRun() {
        return new GrammarRun();
    }

    private final class GrammarRun implements Run {
        private Configuration at;
        private int epoch;

        GrammarRun() {
            lock.lock();
            try {
                machine.beginOperation();
                epoch = machine.epoch();
                at = machine.start();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void allowed(TokenSet out) {
            lock.lock();
            try {
                begin();
                masks.at(at).copyInto(out);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public boolean keepWithin(TokenSet out, int tokensLeft) {
            lock.lock();
            try {
                begin();
                int bytesLeft = tokensLeft - 1;
                if (masks.at(at).farthest() <= bytesLeft || at.bytesToEnd > tokensLeft) {
                    return false;
                }
                masks.within(at, bytesLeft, out);
                return true;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void accept(int token) {
            lock.lock();
            try {
                begin();
                for (byte value : trie.bytesOf(token)) {
                    at = machine.step(at, program.byteClasses()[value & 0xFF]);
                }
                if (machine.isDead(at)) {
                    throw new IllegalArgumentException("the grammar does not allow token " + token);
                }
            } finally {
                lock.unlock();
            }
        }

        private void begin() {
            machine.beginOperation();
            if (epoch != machine.epoch()) {
                epoch = machine.epoch();
                at = machine.renewed(at);
            }
        }

        @Override
        public boolean mayEnd() {
            return at.whole;
        }

        @Override
        public boolean mustEnd() {
            return at.whole && at.closed();
        }
    }
}
