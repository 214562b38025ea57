package dev.yagura.detection.engine;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
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
    private final ThreadLocal<SourceRules.State[]> states;

    RuleSet(long version, List<SourceRules> sources) {
        this.version = version;
        this.sources = List.copyOf(sources);
        this.states =
                ThreadLocal.withInitial(() ->
                        this.sources.stream()
                                .map(source -> source.new State())
                                .toArray(SourceRules.State[]::new));
    }

    @Override
    public long ruleSetVersion() {
        return version;
    }

    @Override
    public List<RuleMatch> match(Device device, Event event) {
        SourceRules.State[] scratch = states.get();
        @Nullable List<RuleMatch> matches = null;
        for (int i = 0; i < scratch.length; i++) {
            matches = sources.get(i).match(device, event, scratch[i], matches);
        }
        if (matches == null) {
            return List.of();
        }
        matches.sort(BY_ID);
        return List.copyOf(matches);
    }
}
