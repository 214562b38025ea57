package dev.yagura.sigma.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Literals as a tree of states, numbered breadth first: the children of a state follow each other,
 * and a state has a higher number than those nearer to the root, which is 0. Only for building.
 */
final class LiteralTree {
    private static final int[] NOTHING = {};

    private final List<int[]> ownCodes = new ArrayList<>();
    private final Numbers columns = new Numbers();
    private final Numbers depths = new Numbers();
    private final Numbers firstChildren = new Numbers();
    private final Numbers parents = new Numbers();

    /** A literal in the order of the walk. */
    private record Word(String text, int[] codes) {}

    /** The words that go through a state. */
    private record Range(int low, int high) {}

    /**
     * Makes the tree.
     *
     * @param codes by literal
     * @param fromEnd whether the last character of a literal is next to the root
     */
    LiteralTree(Map<String, int[]> codes, Columns alphabet, boolean fromEnd) {
        List<Word> words = new ArrayList<>();
        codes.forEach((literal, own) ->
                words.add(
                        new Word(
                                fromEnd ? new StringBuilder(literal).reverse().toString() : literal,
                                own)));
        words.sort(Comparator.comparing(Word::text));
        Queue<Range> ranges = new ArrayDeque<>();
        add(0, 0, -1);
        ranges.add(new Range(0, words.size()));
        for (int state = 0; !ranges.isEmpty(); state++) {
            Range range = ranges.remove();
            int depth = depths.get(state);
            int low = range.low();
            boolean ends = low < range.high() && words.get(low).text().length() == depth;
            ownCodes.add(ends ? words.get(low++).codes() : NOTHING);
            firstChildren.set(state, size());
            while (low < range.high()) {
                char c = words.get(low).text().charAt(depth);
                int high = low + 1;
                while (high < range.high() && words.get(high).text().charAt(depth) == c) {
                    high++;
                }
                add(alphabet.of(c), depth + 1, state);
                ranges.add(new Range(low, high));
                low = high;
            }
        }
    }

    private void add(int column, int depth, int parent) {
        columns.add(column);
        depths.add(depth);
        firstChildren.add(0);
        parents.add(parent);
    }

    int size() {
        return columns.size();
    }

    /** Codes of the literals that end in the state. */
    int[] codes(int state) {
        return ownCodes.get(state);
    }

    int depth(int state) {
        return depths.get(state);
    }

    /** Column of the character that leads to the state. */
    int column(int state) {
        return columns.get(state);
    }

    int firstChild(int state) {
        return firstChildren.get(state);
    }

    int children(int state) {
        int end = state + 1 < size() ? firstChild(state + 1) : size();
        return end - firstChild(state);
    }

    /** The state of the longest text that ends as this state's does; needs those of the parents. */
    int failure(int state, int[] failures) {
        int parent = parents.get(state);
        while (parent > 0) {
            parent = failures[parent];
            int child = child(parent, column(state));
            if (child >= 0) {
                return child;
            }
        }
        return 0;
    }

    private int child(int state, int column) {
        int end = firstChild(state) + children(state);
        for (int child = firstChild(state); child < end; child++) {
            if (column(child) == column) {
                return child;
            }
        }
        return -1;
    }

    /** A list of int that boxes none. */
    private static final class Numbers {
        private int[] values = new int[64];
        private int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        void set(int index, int value) {
            values[index] = value;
        }

        int get(int index) {
            return values[index];
        }

        int size() {
            return size;
        }
    }
}
