package dev.yagura.sigma.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * An expression as instructions (Thompson, 1968; as in R. Cox, "Regular Expression Matching: the
 * Virtual Machine Approach"). Units that no set tells apart are of one class.
 */
final class Program {
    static final int MATCH = -1;
    static final int SPLIT = -2;
    static final int START = -3;
    static final int END = -4;
    static final int WORD_EDGE = -5;
    static final int NO_WORD_EDGE = -6;

    private static final int MAX_INSTRUCTIONS = 4000;
    private static final int ASCII = 128;

    private final List<int[]> code = new ArrayList<>();
    private final List<CharSet> sets = new ArrayList<>();

    private int[] kinds = {};
    private int[] first = {};
    private int[] second = {};
    private char[] bounds = {};
    private boolean[][] accepted = {};
    private boolean[] words = {};
    private boolean looksAtWords;
    private final short[] asciiClasses = new short[ASCII];

    private Program() {}

    /** Too many instructions. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("", null, false, false);
        }
    }

    /** Empty when the expression would take too many instructions. */
    static Optional<Program> of(Expression expression) {
        Program program = new Program();
        try {
            int match = program.add(MATCH, 0, 0);
            program.finish(program.emit(expression, match));
            return Optional.of(program);
        } catch (TooLong e) {
            return Optional.empty();
        }
    }

    /** Writes instructions that go on at next; the entry comes back. */
    private int emit(Expression expression, int next) {
        return switch (expression) {
            case Expression.Chars(CharSet set) -> add(sets(set), next, 0);
            case Expression.Sequence(List<Expression> parts) -> {
                int entry = next;
                for (int i = parts.size() - 1; i >= 0; i--) {
                    entry = emit(parts.get(i), entry);
                }
                yield entry;
            }
            case Expression.Alternation(List<Expression> branches) -> {
                int entry = emit(branches.getLast(), next);
                for (int i = branches.size() - 2; i >= 0; i--) {
                    entry = add(SPLIT, emit(branches.get(i), next), entry);
                }
                yield entry;
            }
            case Expression.Repeat repeat -> repeat(repeat, next);
            case Expression.Start start -> add(START, next, 0);
            case Expression.End end -> add(END, next, 0);
            case Expression.WordEdge(boolean negated) -> {
                looksAtWords = true;
                yield add(negated ? NO_WORD_EDGE : WORD_EDGE, next, 0);
            }
        };
    }

    private int repeat(Expression.Repeat repeat, int next) {
        int entry = next;
        if (repeat.most() == Expression.Repeat.UNBOUNDED) {
            int loop = add(SPLIT, 0, next);
            code.get(loop)[1] = emit(repeat.part(), loop);
            entry = loop;
        } else {
            for (int i = repeat.least(); i < repeat.most(); i++) {
                entry = add(SPLIT, emit(repeat.part(), entry), next);
            }
        }
        for (int i = 0; i < repeat.least(); i++) {
            entry = emit(repeat.part(), entry);
        }
        return entry;
    }

    private int sets(CharSet set) {
        int known = sets.indexOf(set);
        if (known >= 0) {
            return known;
        }
        sets.add(set);
        return sets.size() - 1;
    }

    private int add(int kind, int firstNext, int secondNext) {
        if (code.size() == MAX_INSTRUCTIONS) {
            throw new TooLong();
        }
        code.add(new int[] {kind, firstNext, secondNext});
        return code.size() - 1;
    }

    private void finish(int entry) {
        code.add(new int[] {SPLIT, entry, entry});
        kinds = column(0);
        first = column(1);
        second = column(2);
        TreeSet<Character> starts = new TreeSet<>();
        List<CharSet> told = new ArrayList<>(sets);
        if (looksAtWords) {
            told.add(CharSet.WORDS);
        }
        for (CharSet set : told) {
            for (CharSet.Range range : set.ranges()) {
                starts.add(range.first());
                if (range.last() < Character.MAX_VALUE) {
                    starts.add((char) (range.last() + 1));
                }
            }
        }
        starts.add('\0');
        bounds = new char[starts.size()];
        int i = 0;
        for (char start : starts) {
            bounds[i++] = start;
        }
        accepted = new boolean[sets.size()][bounds.length];
        for (int set = 0; set < accepted.length; set++) {
            for (int unitClass = 0; unitClass < bounds.length; unitClass++) {
                accepted[set][unitClass] = sets.get(set).contains(bounds[unitClass]);
            }
        }
        words = new boolean[bounds.length];
        for (int unitClass = 0; unitClass < bounds.length; unitClass++) {
            words[unitClass] = looksAtWords && CharSet.WORDS.contains(bounds[unitClass]);
        }
        for (char c = 0; c < ASCII; c++) {
            asciiClasses[c] = (short) find(c);
        }
    }

    private int[] column(int index) {
        return code.stream().mapToInt(instruction -> instruction[index]).toArray();
    }

    private int find(char c) {
        int index = Arrays.binarySearch(bounds, c);
        return index >= 0 ? index : -index - 2;
    }

    /** Class of a unit; -1 for half of a character beyond the basic plane. */
    int classOf(char c) {
        if (c < ASCII) {
            return asciiClasses[c];
        }
        return Character.isSurrogate(c) ? -1 : find(c);
    }

    int classes() {
        return bounds.length;
    }

    int length() {
        return kinds.length;
    }

    /** Where every match begins. */
    int entry() {
        return kinds.length - 1;
    }

    /** Whether it has edges of words. */
    boolean looksAtWords() {
        return looksAtWords;
    }

    /** Whether units of the class are of words; only told where it matters. */
    boolean isWord(int unitClass) {
        return words[unitClass];
    }

    /** One of the constants; else the number of a set, whose units the instruction takes. */
    int kind(int instruction) {
        return kinds[instruction];
    }

    boolean takes(int instruction, int unitClass) {
        return accepted[kinds[instruction]][unitClass];
    }

    int next(int instruction) {
        return first[instruction];
    }

    /** The other way of a SPLIT. */
    int otherNext(int instruction) {
        return second[instruction];
    }
}
