package dev.yagura.sigma.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Finds literals one step a character, however many literals there are. Three kinds: {@link
 * Kind#ANYWHERE} (Aho and Corasick, 1975), and tries that are walked from the start or back from
 * the end of the text.
 *
 * <p>All states are in one array. A state near the root or with several children has a complete row
 * of next states; the many others have one child and the state to go on from where that child does
 * not fit, which keeps the table small and what is often used close together.
 */
final class LiteralAutomaton implements LiteralSearch {
    private static final int[] NOTHING = {};

    /** Up to here every state has a row. */
    private static final int ROW_DEPTH = 2;

    /** Literals end in the state; the place before it has the number of their codes. */
    private static final int OUTPUT = 1 << 31;

    /** The state has no row. */
    private static final int SINGLE = 1 << 30;

    private static final int PLACE = SINGLE - 1;

    /** Where a walk ends: a row of itself, at the beginning of the table. */
    private static final int STOP = 0;

    /** In place of a column, in a state without children: no character has it. */
    private static final int NO_COLUMN = -1;

    private final Kind kind;
    private final Columns columns;

    /**
     * A state with a row: the next state by column. Another: column of its child, the child, the
     * state to fall back to. A state is its place and flags.
     */
    private int[] table = {};

    private int[][] outputs = {};
    private int root;

    /** Where literals are looked for. */
    enum Kind {
        ANYWHERE,
        START,
        END
    }

    /**
     * Builds the automaton.
     *
     * @param codes by literal, case-folded and not empty: what the listener hears when it is found
     */
    LiteralAutomaton(Kind kind, Map<String, int[]> codes) {
        this.kind = kind;
        columns = new Columns(codes.keySet());
        build(new LiteralTree(codes, columns, kind == Kind.END));
    }

    @Override
    public void scan(char[] text, int length, Listener listener) {
        switch (kind) {
            case ANYWHERE -> search(text, length, listener);
            case START -> walk(text, 0, length, listener);
            case END -> walkBack(text, length, listener);
        }
    }

    private void search(char[] text, int length, Listener listener) {
        int state = root;
        for (int i = 0; i < length; i++) {
            state = next(state, columns.of(text[i]));
            if ((state & OUTPUT) != 0) {
                state ^= OUTPUT;
                listener.found(outputs[table[(state & PLACE) - 1]], i + 1);
            }
        }
    }

    /** Reports the literals that begin at the place. */
    void walk(char[] text, int from, int length, Listener listener) {
        int state = root;
        for (int i = from; i < length; i++) {
            state = next(state, columns.of(text[i]));
            if (state == STOP) {
                return;
            }
            if ((state & OUTPUT) != 0) {
                state ^= OUTPUT;
                listener.found(outputs[table[(state & PLACE) - 1]], i + 1 - from);
            }
        }
    }

    private void walkBack(char[] text, int length, Listener listener) {
        int state = root;
        for (int i = length - 1; i >= 0; i--) {
            state = next(state, columns.of(text[i]));
            if (state == STOP) {
                return;
            }
            if ((state & OUTPUT) != 0) {
                state ^= OUTPUT;
                listener.found(outputs[table[(state & PLACE) - 1]], length - i);
            }
        }
    }

    private int next(int from, int column) {
        int state = from;
        while ((state & SINGLE) != 0) {
            int place = state ^ SINGLE;
            if (table[place] == column) {
                return table[place + 1];
            }
            state = table[place + 2];
        }
        return table[state + column];
    }

    /** Breadth first: the state to fall back to is nearer to the root, so it is complete. */
    private void build(LiteralTree tree) {
        int size = tree.size();
        int[] failures = new int[size];
        int[][] found = new int[size][];
        int[] states = new int[size];
        List<int[]> lists = new ArrayList<>();
        int length = columns.count();
        for (int state = 0; state < size; state++) {
            int[] inherited = NOTHING;
            if (state > 0 && kind == Kind.ANYWHERE) {
                failures[state] = tree.failure(state, failures);
                inherited = found[failures[state]];
            }
            found[state] = joined(tree.codes(state), inherited);
            length += found[state].length > 0 ? 1 : 0;
            states[state] = hasRow(tree, state) ? length : length | SINGLE;
            length += hasRow(tree, state) ? columns.count() : 3;
        }
        table = new int[length];
        root = states[0];
        for (int state = 0; state < size; state++) {
            if (found[state].length > 0) {
                table[(states[state] & PLACE) - 1] = lists.size();
                lists.add(found[state]);
            }
            fill(tree, state, states, found, state == 0 ? STOP : states[failures[state]]);
        }
        outputs = lists.toArray(int[][]::new);
    }

    private boolean hasRow(LiteralTree tree, int state) {
        return tree.children(state) > 1
                || state == 0
                || (kind == Kind.ANYWHERE && tree.depth(state) <= ROW_DEPTH);
    }

    private void fill(LiteralTree tree, int state, int[] states, int[][] found, int failure) {
        int place = states[state] & PLACE;
        boolean row = (states[state] & SINGLE) == 0;
        int fallback = kind == Kind.ANYWHERE ? failure : STOP;
        if (row) {
            for (int column = 0; column < columns.count(); column++) {
                table[place + column] =
                        state == 0 && kind == Kind.ANYWHERE ? root : next(fallback, column);
            }
        } else {
            table[place] = NO_COLUMN;
            table[place + 2] = fallback;
        }
        int first = tree.firstChild(state);
        for (int child = first; child < first + tree.children(state); child++) {
            int code = found[child].length > 0 ? states[child] | OUTPUT : states[child];
            if (row) {
                table[place + tree.column(child)] = code;
            } else {
                table[place] = tree.column(child);
                table[place + 1] = code;
            }
        }
    }

    private static int[] joined(int[] own, int[] inherited) {
        if (own.length == 0) {
            return inherited;
        }
        int[] joined = Arrays.copyOf(own, own.length + inherited.length);
        System.arraycopy(inherited, 0, joined, own.length, inherited.length);
        return joined;
    }
}
