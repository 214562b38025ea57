package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.FieldReader;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The compiled rules of one event source. Immutable; what changes is in the {@link State} of a
 * thread.
 */
final class SourceRules {
    /** More than any sensor reports of one event; each takes memory while it is matched. */
    private static final int MOST_RECORDS = 1024;

    /** Of these the memory is used again for the next event. */
    private static final int KEPT_VIEWS = 32;

    private final EventSource source;
    private final FieldReader[] readers;
    private final Atom[] atoms;
    private final boolean[] indexed;
    private final LiteralIndex[] indexes;
    private final CompiledRule[] rules;
    private final int[][] triggered;
    private final long[] always;
    private final KindPlan anyKind;
    private final Map<EventKind, KindPlan> plans = new ConcurrentHashMap<>();

    /**
     * Parts, as the compiler made them.
     *
     * @param indexed by atom, whether its literals are in the indexes
     * @param triggered by atom, the rules that may be met when it is hit
     * @param always bits of the rules that no atom triggers
     */
    record Parts(
            FieldReader[] readers,
            Atom[] atoms,
            boolean[] indexed,
            LiteralIndex[] indexes,
            CompiledRule[] rules,
            int[][] triggered,
            long[] always) {}

    SourceRules(EventSource source, Parts parts) {
        this.source = source;
        readers = parts.readers();
        atoms = parts.atoms();
        indexed = parts.indexed();
        indexes = parts.indexes();
        rules = parts.rules();
        triggered = parts.triggered();
        always = parts.always();
        anyKind = KindPlan.ofAny(this);
    }

    /** Scratch memory of one thread. */
    final class State {
        private final List<ViewState> views =
                new ArrayList<>(List.of(new ViewState(SourceRules.this)));
        private final long[] candidates = new long[always.length];
        private int viewCount;

        /** The first view of which the detection holds; -1 when there is none. */
        int firstView(DetectionNode detection) {
            for (int i = 0; i < viewCount; i++) {
                if (detection.holds(views.get(i))) {
                    return i;
                }
            }
            return -1;
        }

        ViewState view(int index) {
            return views.get(index);
        }

        Atom atom(int index) {
            return atoms[index];
        }

        private void show(SensorEvent event) {
            viewCount = 0;
            if (!source.isPerRecord()) {
                next().view().show(event);
                return;
            }
            if (event.records() > MOST_RECORDS) {
                throw new IllegalArgumentException(
                        "the event has %d records; at most %d are matched"
                                .formatted(event.records(), MOST_RECORDS));
            }
            if (views.size() > KEPT_VIEWS) {
                views.subList(KEPT_VIEWS, views.size()).clear();
            }
            for (int record = 0; record < event.records(); record++) {
                next().view().show(event, record);
            }
        }

        private ViewState next() {
            if (viewCount == views.size()) {
                views.add(new ViewState(SourceRules.this));
            }
            ViewState view = views.get(viewCount++);
            view.reset();
            return view;
        }
    }

    /** The plan for a kind that will come again. */
    KindPlan plan(EventKind kind) {
        return plans.computeIfAbsent(kind, key -> KindPlan.of(this, key));
    }

    /** A plan that is right for every kind. */
    KindPlan planOfAnyKind() {
        return anyKind;
    }

    boolean accepts(EventKind kind) {
        return source.accepts(kind);
    }

    /** Adds what matches; the list is made at the first match. */
    @Nullable List<RuleMatch> match(
            KindPlan plan, SensorEvent event, State state, @Nullable List<RuleMatch> matches) {
        state.show(event);
        if (state.viewCount == 0) {
            return matches;
        }
        System.arraycopy(plan.always(), 0, state.candidates, 0, always.length);
        for (int i = 0; i < state.viewCount; i++) {
            state.view(i).scan(plan, state.candidates);
        }
        @Nullable List<RuleMatch> all = matches;
        for (int word = 0; word < state.candidates.length; word++) {
            for (long bits = state.candidates[word] & plan.possible()[word];
                    bits != 0;
                    bits &= bits - 1) {
                CompiledRule rule = rules[(word << 6) + Long.numberOfTrailingZeros(bits)];
                if (rule.isMet(state)) {
                    all = all == null ? new ArrayList<>() : all;
                    all.add(rule.explain(state));
                }
            }
        }
        return all;
    }

    EventSource source() {
        return source;
    }

    int fieldCount() {
        return readers.length;
    }

    FieldReader reader(int field) {
        return readers[field];
    }

    Atom[] atoms() {
        return atoms;
    }

    LiteralIndex[] indexes() {
        return indexes;
    }

    CompiledRule[] rules() {
        return rules;
    }

    boolean isIndexed(int atom) {
        return indexed[atom];
    }

    int[][] triggered() {
        return triggered;
    }

    long[] always() {
        return always;
    }
}
