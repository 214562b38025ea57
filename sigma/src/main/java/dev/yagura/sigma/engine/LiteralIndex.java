package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.FieldText;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The literals of one field. What may be anywhere in a value shares one automaton; what begins or
 * ends it, a trie each, of which only as many characters are looked at as agree.
 */
final class LiteralIndex {
    private static final int DECISIVE = 1;
    private static final int WHOLE = 2;
    private static final int FLAGS = 2;

    private final int field;
    private final LiteralSearch[] searches;

    /** What a literal says about an atom when it is found. */
    record Use(int atom, Literal literal) {
        private int code() {
            return atom << FLAGS
                    | (literal.place() == Literal.Place.WHOLE ? WHOLE : 0)
                    | (literal.decisive() ? DECISIVE : 0);
        }
    }

    LiteralIndex(int field, List<Use> uses) {
        this.field = field;
        Map<LiteralAutomaton.Kind, Map<String, int[]>> codes =
                new EnumMap<>(LiteralAutomaton.Kind.class);
        for (Use use : uses) {
            codes.computeIfAbsent(kind(use.literal().place()), key -> new LinkedHashMap<>())
                    .merge(use.literal().text(), new int[] {use.code()}, LiteralIndex::joined);
        }
        searches =
                codes.entrySet().stream()
                        .map(entry -> search(entry.getKey(), entry.getValue()))
                        .toArray(LiteralSearch[]::new);
    }

    private static LiteralAutomaton.Kind kind(Literal.Place place) {
        return switch (place) {
            case WHOLE, START -> LiteralAutomaton.Kind.START;
            case END -> LiteralAutomaton.Kind.END;
            case ANYWHERE -> LiteralAutomaton.Kind.ANYWHERE;
        };
    }

    private static LiteralSearch search(LiteralAutomaton.Kind kind, Map<String, int[]> codes) {
        return kind == LiteralAutomaton.Kind.ANYWHERE && SkippingSearch.isFor(codes)
                ? new SkippingSearch(codes)
                : new LiteralAutomaton(kind, codes);
    }

    private static int[] joined(int[] some, int[] more) {
        int[] joined = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, joined, some.length, more.length);
        return joined;
    }

    int field() {
        return field;
    }

    /** Reports codes of literals that are in the value. */
    void scan(FieldText value, LiteralSearch.Listener listener) {
        for (LiteralSearch search : searches) {
            search.scan(value.units(), value.length(), listener);
        }
    }

    static int atom(int code) {
        return code >> FLAGS;
    }

    /** Whether being there is enough; otherwise the pattern must be tried. */
    static boolean isDecisive(int code) {
        return (code & DECISIVE) != 0;
    }

    /** Whether the literal must be the whole value. */
    static boolean isWhole(int code) {
        return (code & WHOLE) != 0;
    }
}
