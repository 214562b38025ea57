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

        State(int[] instructions, int classes, boolean matchesAtEnd) {
            this.instructions = instructions;
            this.next = new State[classes];
            this.matchesAtEnd = matchesAtEnd;
        }
    }

    private record Key(int[] instructions, boolean matchesAtEnd) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && matchesAtEnd == that.matchesAtEnd
                    && Arrays.equals(instructions, that.instructions);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(instructions);
        }
    }

    LazyAutomaton(Program program) {
        this.program = program;
        match = new State(new int[0], 0, true);
        dead = new State(new int[0], 0, false);
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

    private synchronized State startState() {
        closure.begin(true);
        closure.add(program.entry());
        return state();
    }

    private synchronized State step(State from, int unitClass) {
        State known = from.next[unitClass];
        if (known != null) {
            return known;
        }
        closure.begin(false);
        for (int instruction : from.instructions) {
            if (program.kind(instruction) >= 0 && program.takes(instruction, unitClass)) {
                closure.add(program.next(instruction));
            }
        }
        closure.add(program.entry());
        State next = state();
        from.next[unitClass] = next;
        return next;
    }

    /** The state of the closure at hand. */
    private State state() {
        if (closure.matches()) {
            return match;
        }
        int[] instructions = closure.instructions();
        if (instructions.length == 0) {
            return dead;
        }
        Key key = new Key(instructions, closure.matchesAtEnd());
        State known = states.get(key);
        if (known != null) {
            return known;
        }
        cost += instructions.length + program.classes();
        if (cost > MAX_COST) {
            states.clear();
            cost = instructions.length + program.classes();
            start = new State(start.instructions, program.classes(), start.matchesAtEnd);
        }
        State made = new State(instructions, program.classes(), key.matchesAtEnd());
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
        private boolean matches;

        Closure(Program program) {
            this.program = program;
            stack = new int[2 * program.length() + 2];
            seen = new int[program.length()];
            kept = new int[program.length()];
        }

        void begin(boolean textStart) {
            atStart = textStart;
            round++;
            count = 0;
            matches = false;
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

        /** Whether the text may end here: what is behind END is followed too. */
        boolean matchesAtEnd() {
            for (int i = 0; i < count; i++) {
                if (program.kind(kept[i]) == Program.END) {
                    add(program.next(kept[i]));
                }
            }
            return matches;
        }
    }
}
