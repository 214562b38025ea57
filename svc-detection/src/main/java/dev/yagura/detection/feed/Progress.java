package dev.yagura.detection.feed;

import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.correlation.CorrelationMember;
import dev.yagura.detection.incident.VisibilityLoss;
import dev.yagura.detection.rule.RuleCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What was read of one partition and is still to be committed: everything after {@code base} up to
 * {@code end}. Grows until it is taken for a commit; not thread-safe.
 */
final class Progress {
    private final Lease lease;
    private final Place base;
    private Place end;
    private long tableOffset = -1;
    private int bytes;
    private final List<Sighting> sightings = new ArrayList<>();
    private final List<CorrelationMember> members = new ArrayList<>();
    private final List<VisibilityLoss> losses = new ArrayList<>();
    private final Map<Mark.Spool, Mark> marks = new LinkedHashMap<>();
    private final Map<UUID, HostTable> tables = new HashMap<>();
    private final RuleCounts counts = new RuleCounts();
    private final List<CanaryMatcher.Outcome> canaries = new ArrayList<>();

    /** Nothing yet, after the place that is committed. */
    Progress(Lease lease, Place base) {
        this.lease = lease;
        this.base = base;
        this.end = base;
    }

    /** Adds what follows. */
    void add(Progress next) {
        if (!next.base.equals(end)) {
            throw new IllegalStateException(
                    "partition %d: %s does not follow %s"
                            .formatted(lease.partition(), next.base, end));
        }
        end = next.end;
        bytes += next.bytes;
        sightings.addAll(next.sightings);
        members.addAll(next.members);
        losses.addAll(next.losses);
        marks.putAll(next.marks);
        tables.putAll(next.tables);
        counts.addAll(next.counts);
        canaries.addAll(next.canaries);
        tableOffset = Math.max(tableOffset, next.tableOffset);
    }

    void reached(Place place) {
        end = place;
    }

    void saw(Sighting sighting) {
        sightings.add(sighting);
        bytes += sighting.match().getSerializedSize();
    }

    void takesPart(CorrelationMember member) {
        members.add(member);
        bytes += member.size();
    }

    void lost(VisibilityLoss loss) {
        losses.add(loss);
    }

    void passed(CanaryMatcher.Outcome canary) {
        canaries.add(canary);
    }

    void marked(Mark mark) {
        marks.put(mark.spool(), mark);
    }

    /** Process tables as of the end. */
    void stored(List<HostTable> changed) {
        tableOffset = end.offset();
        changed.forEach(table -> tables.put(table.hostId(), table));
        bytes += changed.stream().mapToInt(table -> table.body().length).sum();
    }

    void addBytes(int more) {
        bytes += more;
    }

    /** True when somebody waits for it. */
    boolean isUrgent() {
        return !sightings.isEmpty()
                || !members.isEmpty()
                || !losses.isEmpty()
                || !canaries.isEmpty();
    }

    Lease lease() {
        return lease;
    }

    Place base() {
        return base;
    }

    Place end() {
        return end;
    }

    /** New place of the process tables; -1 when they stay. */
    long tableOffset() {
        return tableOffset;
    }

    int bytes() {
        return bytes;
    }

    /** Matches by rule, whatever became of them. */
    RuleCounts counts() {
        return counts;
    }

    List<Sighting> sightings() {
        return sightings;
    }

    List<CorrelationMember> members() {
        return members;
    }

    List<CanaryMatcher.Outcome> canaries() {
        return canaries;
    }

    List<VisibilityLoss> losses() {
        return losses;
    }

    Iterable<Mark> marks() {
        return marks.values();
    }

    Iterable<HostTable> tables() {
        return tables.values();
    }
}
