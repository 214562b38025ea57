package dev.yagura.sigma.regex;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a program as a deterministic automaton whose states are made when a text first needs them.
 * Used by any number of threads: a state is immutable but for its transitions, which are written
 * once each, always with an equivalent state. When the states take too much room, they are made
 * anew: time stays linear, memory bounded.
 */
final class LazyAutomaton {
    /** Instructions and transitions of all states, about 4 MiB. */
    private static final int MAX_COST = 1 << 20;

    private final Program program;
    private final State match;
    private final State dead;
    private final Map<Key, State> states = new HashMap<>();
    private final Closure closure;
    private int cost;
    private volatile State start;

    /** Threads of the program that are alive between two units. */
    private static final class State {
        private final int[] instructions;
        private final @Nullable State[] next;
        private final boolean matchesAtEnd;

        /** Whether the unit before was of a word; told where the program asks. */
        private final boolean afterWord;

        private final boolean isStart;

        State(Key key, int classes, boolean isStart) {
            this.instructions = key.instructions();
            this.next = new State[classes];
            this.matchesAtEnd = key.matchesAtEnd();
            this.afterWord = key.afterWord();
            this.isStart = isStart;
        }
    }

    private record Key(int[] instructions, boolean matchesAtEnd, boolean afterWord) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && matchesAtEnd == that.matchesAtEnd
                    && afterWord == that.afterWord
                    && Arrays.equals(instructions, that.instructions);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(instructions);
        }
    }

    LazyAutomaton(Program program) {
        this.program = program;
        match = new State(new Key(new int[0], true, false), 0, false);
        dead = new State(new Key(new int[0], false, false), 0, false);
        closure = new Closure(program);
        start = startState();
    }

    /**
     * Whether the expression is found anywhere in the first units of the text.
     *
     * @return -1 when a unit is half of a character beyond the basic plane: not known
     */
    int find(char[] text, int length) {
        State state = start;
        for (int i = 0; i < length && state != match; i++) {
            int unitClass = program.classOf(text[i]);
            if (unitClass < 0) {
                return -1;
            }
            State next = state.next[unitClass];
            state = next == null ? step(state, unitClass) : next;
            if (state == dead) {
                return 0;
            }
        }
        return state.matchesAtEnd ? 1 : 0;
    }

    /** Known by itself: only here the text begins. */
    private synchronized State startState() {
        closure.begin(true, false);
        closure.add(program.entry());
        if (closure.matches()) {
            return match;
        }
        Key key = new Key(closure.instructions(), closure.matchesAtEnd(), false);
        return new State(key, program.classes(), true);
    }

    private synchronized State step(State from, int unitClass) {
        State known = from.next[unitClass];
        if (known != null) {
            return known;
        }
        State next = taken(from, unitClass);
        from.next[unitClass] = next;
        return next;
    }

    private State taken(State from, int unitClass) {
        int[] instructions = from.instructions;
        if (program.looksAtWords()) {
            closure.begin(from.isStart, from.afterWord);
            closure.decideEdges(program.isWord(unitClass));
            for (int instruction : from.instructions) {
                closure.add(instruction);
            }
            if (closure.matches()) {
                return match;
            }
            instructions = closure.instructions();
        }
        closure.begin(false, program.isWord(unitClass));
        for (int instruction : instructions) {
            if (program.kind(instruction) >= 0 && program.takes(instruction, unitClass)) {
                closure.add(program.next(instruction));
            }
        }
        closure.add(program.entry());
        return state(program.isWord(unitClass));
    }

    /** The state of the closure at hand. */
    private State state(boolean afterWord) {
        if (closure.matches()) {
            return match;
        }
        int[] instructions = closure.instructions();
        if (instructions.length == 0) {
            return dead;
        }
        Key key = new Key(instructions, closure.matchesAtEnd(), afterWord);
        State known = states.get(key);
        if (known != null) {
            return known;
        }
        cost += instructions.length + program.classes();
        if (cost > MAX_COST) {
            states.clear();
            cost = instructions.length + program.classes();
            start = startState();
        }
        State made = new State(key, program.classes(), false);
        states.put(key, made);
        return made;
    }

    /** Follows the instructions that take no unit; belongs to the automaton's lock. */
    private static final class Closure {
        private final Program program;
        private final int[] stack;
        private final int[] seen;
        private final int[] kept;
        private int round;
        private int count;
        private boolean atStart;
        private boolean afterWord;
        private boolean edgesAreDecided;
        private boolean isEdge;
        private boolean matches;

        Closure(Program program) {
            this.program = program;
            stack = new int[2 * program.length() + 2];
            seen = new int[program.length()];
            kept = new int[program.length()];
        }

        /**
         * Nothing yet, before a unit that is not known.
         *
         * @param wordBefore whether the unit before is of a word
         */
        void begin(boolean textStart, boolean wordBefore) {
            atStart = textStart;
            afterWord = wordBefore;
            edgesAreDecided = false;
            round++;
            count = 0;
            matches = false;
        }

        /** The unit that follows is known. */
        void decideEdges(boolean wordAfter) {
            edgesAreDecided = true;
            isEdge = afterWord != wordAfter;
        }

        /** Adds an instruction and what is reached from it without taking a unit. */
        void add(int from) {
            int height = 0;
            stack[height++] = from;
            while (height > 0) {
                int instruction = stack[--height];
                if (seen[instruction] == round) {
                    continue;
                }
                seen[instruction] = round;
                switch (program.kind(instruction)) {
                    case Program.MATCH -> matches = true;
                    case Program.SPLIT -> {
                        stack[height++] = program.otherNext(instruction);
                        stack[height++] = program.next(instruction);
                    }
                    case Program.START -> {
                        if (atStart) {
                            stack[height++] = program.next(instruction);
                        }
                    }
                    case Program.WORD_EDGE, Program.NO_WORD_EDGE -> {
                        if (!edgesAreDecided) {
                            kept[count++] = instruction;
                        } else if (isEdge == (program.kind(instruction) == Program.WORD_EDGE)) {
                            stack[height++] = program.next(instruction);
                        }
                    }
                    default -> kept[count++] = instruction;
                }
            }
        }

        boolean matches() {
            return matches;
        }

        int[] instructions() {
            int[] instructions = Arrays.copyOf(kept, count);
            Arrays.sort(instructions);
            return instructions;
        }

        /** Whether the text may end here: what is behind END, or the end of a word, is followed. */
        boolean matchesAtEnd() {
            for (int i = 0; i < count; i++) {
                int kind = program.kind(kept[i]);
                if (kind == Program.END
                        || (kind == Program.WORD_EDGE && afterWord)
                        || (kind == Program.NO_WORD_EDGE && !afterWord)) {
                    add(program.next(kept[i]));
                }
            }
            return matches;
        }
    }
}
