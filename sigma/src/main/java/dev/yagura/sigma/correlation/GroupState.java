package dev.yagura.sigma.correlation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The matches of one group that can still matter. What has been raised and not withdrawn is at any
 * time exactly what {@link #evaluate} makes of all matches that were taken. Not for use by several
 * threads at once.
 *
 * <p>Nothing is forgotten until a time is closed: then no further match before it is taken, those
 * before it are final, and nothing asks any more for matches at or before it less the timespan. Of
 * these only the summary of a match that has not ended is kept.
 */
public final class GroupState {
    private final CorrelationDefinition definition;
    private final GroupKey group;
    private final List<GroupEntry> entries;
    private @Nullable SealedPart sealed;
    private long closedNs;

    /** An empty group. */
    public GroupState(CorrelationDefinition definition, GroupKey group) {
        this(definition, group, new Content(Long.MIN_VALUE, null, new ArrayList<>()));
    }

    GroupState(CorrelationDefinition definition, GroupKey group, Content content) {
        this.definition = definition;
        this.group = group;
        closedNs = content.closedNs();
        sealed = content.sealed();
        entries = content.entries();
    }

    /** What has to be kept of a group beside its key. */
    record Content(long closedNs, @Nullable SealedPart sealed, List<GroupEntry> entries) {}

    Content content() {
        return new Content(closedNs, sealed, entries);
    }

    /**
     * All correlation matches of a set of matches, in time; the order of the set is of no matter.
     */
    public static List<CorrelationMatch> evaluate(
            CorrelationDefinition definition, GroupKey group, Collection<BaseMatch> matches) {
        GroupState state = new GroupState(definition, group);
        state.add(matches);
        return state.matches();
    }

    public GroupKey group() {
        return group;
    }

    /** Whether nothing is kept: the group can be forgotten. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Times at or before this are not asked for any more. */
    public long horizonNs() {
        return Times.minus(closedNs, definition.timespanNs());
    }

    /** How many matches are kept. */
    public int size() {
        return entries.size();
    }

    /** Takes a portion in. A match that is there already changes nothing. */
    public GroupChanges add(Collection<BaseMatch> added) {
        return change(added, List.of());
    }

    /** Takes matches out that do not hold any more: those of a correlation that was withdrawn. */
    public GroupChanges change(Collection<BaseMatch> added, Collection<BaseMatch> removed) {
        List<CorrelationMatch> before = matches();
        List<CorrelationGraph.Inner> begunBefore = beginnings();
        List<BaseMatch> tooLate = new ArrayList<>();
        List<BaseMatch> inside = timely(added, tooLate);
        List<BaseMatch> outside = timely(removed, tooLate);
        long fromNs = Long.MAX_VALUE;
        long toNs = Long.MIN_VALUE;
        Map<BaseMatch, Boolean> wasQualified = new LinkedHashMap<>();
        for (BaseMatch match : outside) {
            int at = indexOf(match);
            if (at >= 0) {
                wasQualified.put(match, entries.remove(at).qualifies());
                fromNs = Math.min(fromNs, match.timeNs());
                toNs = Math.max(toNs, match.timeNs());
            }
        }
        for (BaseMatch match : inside) {
            int at = indexOf(match);
            if (at < 0) {
                entries.add(-at - 1, new GroupEntry(match, false));
                fromNs = Math.min(fromNs, match.timeNs());
                toNs = Math.max(toNs, match.timeNs());
            }
        }
        List<BaseMatch> qualified = new ArrayList<>();
        List<BaseMatch> disqualified = new ArrayList<>();
        wasQualified.forEach((match, qualifies) -> {
            if (qualifies && indexOf(match) < 0) {
                disqualified.add(match);
            }
        });
        if (fromNs <= toNs) {
            decide(fromNs, Times.plus(toNs, definition.timespanNs()), qualified, disqualified);
        }
        List<CorrelationMatch> after = matches();
        List<CorrelationGraph.Inner> begun = beginnings();
        return new GroupChanges(
                different(after, before),
                gone(before, after),
                qualified,
                disqualified,
                different(begun, begunBefore),
                different(begunBefore, begun),
                tooLate);
    }

    /** Takes no match from before this time any more, and forgets what is final. */
    public void close(long timeNs) {
        if (timeNs > closedNs) {
            closedNs = timeNs;
            forget(matches());
        }
    }

    /** Correlation matches that have not ended for good, in time. */
    public List<CorrelationMatch> matches() {
        List<CorrelationMatch> matches = new ArrayList<>();
        @Nullable SealedPart part = sealed;
        int next = 0;
        while (next < entries.size()) {
            int first = nextQualified(next);
            if (first == entries.size()) {
                break;
            }
            long firstNs = part != null && part.hasInstant() ? part.firstNs() : time(first);
            EventSummary summary = part == null ? new EventSummary() : part.summary().copy();
            int last = lastOfChain(first);
            long openNs = Times.minus(firstNs, definition.timespanNs());
            int end = WindowSweep.firstAfter(entries, time(last));
            for (int i = Math.max(next, WindowSweep.firstAfter(entries, openNs)); i < end; i++) {
                summary.add(entries.get(i).match());
            }
            matches.add(match(summary, firstNs, time(last)));
            part = null;
            next = end;
        }
        return matches;
    }

    /** The first event of each match, by the match's id; without those that are not kept. */
    private List<CorrelationGraph.Inner> beginnings() {
        List<CorrelationGraph.Inner> beginnings = new ArrayList<>();
        boolean isKept = sealed == null || !sealed.hasInstant();
        int next = nextQualified(0);
        while (next < entries.size()) {
            if (isKept) {
                BaseMatch first = entries.get(next).match();
                beginnings.add(new CorrelationGraph.Inner(id(first.timeNs()).toString(), first));
            }
            isKept = true;
            next = nextQualified(WindowSweep.firstAfter(entries, time(lastOfChain(next))));
        }
        return beginnings;
    }

    private UUID id(long firstNs) {
        return CorrelationMatchId.of(definition.ruleId(), group, firstNs, definition.timespanNs());
    }

    private CorrelationMatch match(EventSummary summary, long firstNs, long lastNs) {
        return new CorrelationMatch(
                id(firstNs),
                definition.ruleId(),
                group,
                summary.earliestNs(),
                firstNs,
                lastNs,
                summary.events(),
                summary.first(),
                summary.last());
    }

    private int nextQualified(int from) {
        int next = from;
        while (next < entries.size() && !entries.get(next).qualifies()) {
            next++;
        }
        return next;
    }

    /** Index of the last that qualifies less than a timespan after the one before it. */
    private int lastOfChain(int first) {
        int last = first;
        for (int next = nextQualified(first + 1);
                next < entries.size() && time(next) - time(last) < definition.timespanNs();
                next = nextQualified(next + 1)) {
            last = next;
        }
        return last;
    }

    private long time(int index) {
        return entries.get(index).timeNs();
    }

    private List<BaseMatch> timely(Collection<BaseMatch> matches, List<BaseMatch> tooLate) {
        List<BaseMatch> timely = new ArrayList<>();
        matches.forEach(match -> (match.timeNs() < closedNs ? tooLate : timely).add(match));
        return timely;
    }

    private void decide(
            long fromNs, long toNs, List<BaseMatch> qualified, List<BaseMatch> disqualified) {
        int first = WindowSweep.firstAfter(entries, Times.minus(fromNs, 1));
        int end = WindowSweep.firstAfter(entries, toNs);
        boolean[] before = new boolean[end - first];
        for (int i = first; i < end; i++) {
            before[i - first] = entries.get(i).qualifies();
        }
        WindowSweep.decide(definition, entries, fromNs, toNs);
        for (int i = first; i < end; i++) {
            GroupEntry entry = entries.get(i);
            if (entry.qualifies() != before[i - first]) {
                (entry.qualifies() ? qualified : disqualified).add(entry.match());
            }
        }
    }

    /** Drops what no further match can ask for; its part in an unfinished match is summed up. */
    private void forget(List<CorrelationMatch> matches) {
        long horizonNs = horizonNs();
        int gone = WindowSweep.firstAfter(entries, horizonNs);
        if (gone == 0) {
            return;
        }
        @Nullable SealedPart next = null;
        for (CorrelationMatch match : matches) {
            if (match.lastNs() > horizonNs) {
                next = seal(match, gone);
                break;
            }
        }
        sealed = next;
        entries.subList(0, gone).clear();
    }

    private @Nullable SealedPart seal(CorrelationMatch match, int gone) {
        long openNs = Times.minus(match.firstNs(), definition.timespanNs());
        @Nullable SealedPart part = sealed;
        boolean goesOn = part != null && part.summary().earliestNs() == match.earliestNs();
        EventSummary summary = goesOn && part != null ? part.summary().copy() : new EventSummary();
        long firstNs = goesOn && part != null ? part.firstNs() : SealedPart.NONE;
        long lastNs = goesOn && part != null ? part.lastNs() : SealedPart.NONE;
        for (GroupEntry entry : entries.subList(0, gone)) {
            if (entry.timeNs() > openNs) {
                summary.add(entry.match());
                if (entry.qualifies()) {
                    firstNs = firstNs == SealedPart.NONE ? entry.timeNs() : firstNs;
                    lastNs = entry.timeNs();
                }
            }
        }
        return summary.events() == 0 ? null : new SealedPart(summary, firstNs, lastNs);
    }

    private int indexOf(BaseMatch match) {
        return Collections.binarySearch(
                entries,
                new GroupEntry(match, false),
                Comparator.comparing(GroupEntry::match, BaseMatch.ORDER));
    }

    /** Those that are not there, or not the same, among the others. */
    private static <T> List<T> different(List<T> some, List<T> others) {
        Set<T> known = new HashSet<>(others);
        return some.stream().filter(one -> !known.contains(one)).toList();
    }

    /** Those whose id is not among the others. */
    private static List<CorrelationMatch> gone(
            List<CorrelationMatch> some, List<CorrelationMatch> others) {
        Set<UUID> known =
                others.stream().map(CorrelationMatch::id).collect(Collectors.toUnmodifiableSet());
        return some.stream().filter(match -> !known.contains(match.id())).toList();
    }
}
