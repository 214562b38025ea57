package dev.yagura.sigma.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds all occurrences of many literals in one pass (Aho and Corasick, 1975), as a complete table:
 * one step a character, whatever the number of literals. Characters that no literal has share one
 * column.
 */
final class LiteralAutomaton {
    private static final int ASCII = 128;
    private static final int[] NOTHING = {};

    private final int width;
    private final char[] asciiColumns;
    private final char[] otherCharacters;
    private final char[] otherColumns;

    /** Row offset of the next state, at row offset of the state plus column. */
    private final int[] next;

    /** Indices of the literals that end in a state, at state. */
    private final int[][] outputs;

    /** Hears of each occurrence. */
    @FunctionalInterface
    interface Listener {
        /**
         * One literal was found.
         *
         * @param literal its index
         * @param end position after its last character
         */
        void found(int literal, int end);
    }

    /**
     * Builds the automaton.
     *
     * @param literals case-folded, none empty; the index in the list names a literal
     */
    LiteralAutomaton(List<String> literals) {
        char[] alphabet = alphabet(literals);
        width = alphabet.length + 1;
        asciiColumns = new char[ASCII];
        int ascii = 0;
        while (ascii < alphabet.length && alphabet[ascii] < ASCII) {
            asciiColumns[alphabet[ascii]] = (char) (ascii + 1);
            ascii++;
        }
        otherCharacters = Arrays.copyOfRange(alphabet, ascii, alphabet.length);
        otherColumns = new char[otherCharacters.length];
        for (int i = 0; i < otherColumns.length; i++) {
            otherColumns[i] = (char) (ascii + i + 1);
        }
        Trie trie = new Trie(literals);
        next = new int[trie.children.size() * width];
        outputs = new int[trie.children.size()][];
        complete(trie);
    }

    /** Reports every occurrence in the first characters of the case-folded text. */
    void scan(char[] text, int length, Listener listener) {
        int row = 0;
        for (int i = 0; i < length; i++) {
            row = next[row + column(text[i])];
            int[] found = outputs[row / width];
            for (int literal : found) {
                listener.found(literal, i + 1);
            }
        }
    }

    /** For a report: size of the table in bytes. */
    long tableBytes() {
        return (long) next.length * Integer.BYTES;
    }

    private int column(char c) {
        if (c < ASCII) {
            return asciiColumns[c];
        }
        int index = Arrays.binarySearch(otherCharacters, c);
        return index < 0 ? 0 : otherColumns[index];
    }

    private static char[] alphabet(List<String> literals) {
        TreeSet<Character> characters = new TreeSet<>();
        for (String literal : literals) {
            for (int i = 0; i < literal.length(); i++) {
                characters.add(literal.charAt(i));
            }
        }
        char[] alphabet = new char[characters.size()];
        int i = 0;
        for (char c : characters) {
            alphabet[i++] = c;
        }
        return alphabet;
    }

    /** Breadth first: a state's failure state is nearer to the root, so its row is complete. */
    private void complete(Trie trie) {
        int[] failure = new int[outputs.length];
        ArrayDeque<Integer> queue = new ArrayDeque<>();
        outputs[0] = NOTHING;
        trie.children
                .getFirst()
                .forEach((c, child) -> {
                    next[column(c)] = child * width;
                    queue.add(child);
                });
        while (!queue.isEmpty()) {
            int state = queue.remove();
            int fallback = failure[state];
            outputs[state] = joined(trie.ends.get(state), outputs[fallback]);
            System.arraycopy(next, fallback * width, next, state * width, width);
            trie.children
                    .get(state)
                    .forEach((c, child) -> {
                        failure[child] = next[fallback * width + column(c)] / width;
                        next[state * width + column(c)] = child * width;
                        queue.add(child);
                    });
        }
    }

    private static int[] joined(@Nullable List<Integer> own, int[] inherited) {
        if (own == null) {
            return inherited;
        }
        int[] joined = Arrays.copyOf(inherited, inherited.length + own.size());
        for (int i = 0; i < own.size(); i++) {
            joined[inherited.length + i] = own.get(i);
        }
        return joined;
    }

    /** The literals as a tree; only for building. */
    private static final class Trie {
        final List<Map<Character, Integer>> children = new ArrayList<>();
        final Map<Integer, List<Integer>> ends = new HashMap<>();

        Trie(List<String> literals) {
            children.add(new HashMap<>());
            for (int literal = 0; literal < literals.size(); literal++) {
                int state = 0;
                String text = literals.get(literal);
                for (int i = 0; i < text.length(); i++) {
                    state = child(state, text.charAt(i));
                }
                ends.computeIfAbsent(state, key -> new ArrayList<>()).add(literal);
            }
        }

        private int child(int state, char c) {
            Integer child = children.get(state).get(c);
            if (child == null) {
                child = children.size();
                children.add(new HashMap<>());
                children.get(state).put(c, child);
            }
            return child;
        }
    }
}
