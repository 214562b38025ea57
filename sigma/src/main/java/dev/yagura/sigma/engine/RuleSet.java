package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All compiled rules. Immutable; each thread has scratch memory of its own. */
final class RuleSet implements EventMatcher {
    private static final Comparator<RuleMatch> BY_ID =
            Comparator.<RuleMatch, String>comparing(match -> match.rule().getId())
                    .thenComparing(match -> match.rule().getPack());

    private final long version;
    private final List<SourceRules> sources;
    private final ThreadLocal<Scratch> scratches;

    RuleSet(long version, List<SourceRules> sources) {
        this.version = version;
        this.sources = List.copyOf(sources);
        this.scratches = ThreadLocal.withInitial(() -> new Scratch(this.sources));
    }

    /** What one thread needs. */
    private static final class Scratch {
        private final KindTable kinds;
        private final SourceRules.@Nullable State[] states;

        Scratch(List<SourceRules> sources) {
            kinds = new KindTable(sources);
            states = new SourceRules.State[sources.size()];
        }

        SourceRules.State state(int source, SourceRules rules) {
            SourceRules.State state = states[source];
            if (state == null) {
                state = rules.new State();
                states[source] = state;
            }
            return state;
        }
    }

    @Override
    public long ruleSetVersion() {
        return version;
    }

    @Override
    public List<RuleMatch> match(Device device, SensorEvent event) {
        Scratch scratch = scratches.get();
        @Nullable List<RuleMatch> matches = null;
        for (KindTable.Step step : scratch.kinds.steps(device, event)) {
            SourceRules source = sources.get(step.source());
            matches =
                    source.match(step.plan(), event, scratch.state(step.source(), source), matches);
        }
        if (matches == null) {
            return List.of();
        }
        matches.sort(BY_ID);
        return withoutDuplicates(matches);
    }

    /** A rule that is for several log sources may be met in more than one of them. */
    private static List<RuleMatch> withoutDuplicates(List<RuleMatch> sorted) {
        List<RuleMatch> unique = new ArrayList<>(sorted.size());
        for (RuleMatch match : sorted) {
            if (unique.isEmpty()
                    || !unique.getLast().rule().getName().equals(match.rule().getName())) {
                unique.add(match);
            }
        }
        return List.copyOf(unique);
    }
}
