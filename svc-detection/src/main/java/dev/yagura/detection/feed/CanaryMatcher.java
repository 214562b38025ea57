package dev.yagura.detection.feed;

import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.canary.CanaryRead;
import dev.yagura.detection.canary.CanaryRules;
import dev.yagura.detection.canary.CanaryStage;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.detection.rule.RuleSnapshot;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.canary.Canary;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Matches the canaries of one partition as events are matched, with the rules in force, but keeps
 * nothing of them: no process table, no mark, no count.
 */
final class CanaryMatcher {
    private static final String AGENT = "canary";

    /** With the partition as its last part: canaries of different partitions share no alert. */
    private static final long HOST_PREFIX = 0xCA4A_0000_0000_8000L;

    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final int partition;
    private final FeedConfig config;
    private final DetectionRules rules;
    private final Sightings sightings;

    CanaryMatcher(int partition, FeedConfig config, DetectionRules rules, Sightings sightings) {
        this.partition = partition;
        this.config = config;
        this.rules = rules;
        this.sightings = sightings;
    }

    /**
     * What came of an entry with a canary.
     *
     * @param alert of the canary whose turn it is here to be written as an alert, if it matched
     */
    record Outcome(CanaryRead read, Optional<Sighting> alert) {}

    Outcome match(Place here, LogEntry entry) {
        long round = entry.getCanary().getRound();
        List<CanaryRead.Failure> failures = new ArrayList<>();
        Optional<Sighting> alert = Optional.empty();
        try {
            List<SensorEvent> events =
                    BatchEvents.unpack(entry.getCanary().getEvents(), config.maxUnpackedBytes());
            RuleSnapshot inForce = rules.current();
            for (int index = 0; index < events.size(); index++) {
                Optional<Sighting> seen =
                        match(here, entry, index, events.get(index), inForce, failures);
                // One in each partition and round: each has its turn, and none costs much.
                if (index == Math.floorMod(partition + round, events.size())) {
                    alert = seen;
                }
            }
        } catch (BatchEvents.UnreadableBatchException e) {
            // The next round replaces it; that none of its canaries is proven is said by their age.
            rules.current()
                    .canaries()
                    .entries()
                    .keySet()
                    .forEach(name ->
                            failures.add(
                                    new CanaryRead.Failure(
                                            name,
                                            CanaryStage.APPENDED,
                                            "the entry " + e.getMessage())));
        }
        return new Outcome(
                new CanaryRead(partition, round, entry.getReceivedTimeNs(), failures), alert);
    }

    private Optional<Sighting> match(
            Place here,
            LogEntry entry,
            int index,
            SensorEvent event,
            RuleSnapshot inForce,
            List<CanaryRead.Failure> failures) {
        String name = Objects.requireNonNullElse(event.unmapped(Canary.MARK), "");
        Optional<CanaryRules.Entry> known = inForce.canaries().find(name);
        if (known.isEmpty() || !known.get().problem().isEmpty()) {
            failures.add(
                    new CanaryRead.Failure(
                            name,
                            CanaryStage.NONE,
                            "rule set " + inForce.ruleSetVersion() + " has no rule of it"));
            return Optional.empty();
        }
        Device device =
                known.get().probe().canary().device().toBuilder()
                        .setHostId(host().toString())
                        .setHostname(AGENT)
                        .build();
        try {
            Optional<RuleMatch> match =
                    inForce.matchCanaries(device, event).stream()
                            .filter(one -> one.rule().getName().equals(name))
                            .findFirst();
            if (match.isEmpty()) {
                failures.add(
                        new CanaryRead.Failure(
                                name,
                                CanaryStage.READ,
                                "its rule in rule set "
                                        + inForce.ruleSetVersion()
                                        + " did not match: a field is not where the tables look"
                                        + " for it"));
                return Optional.empty();
            }
            return Optional.of(sighting(here, entry, index, event, device, match.get()));
        } catch (RuntimeException e) {
            failures.add(new CanaryRead.Failure(name, CanaryStage.READ, "matching failed: " + e));
            return Optional.empty();
        }
    }

    private Sighting sighting(
            Place here,
            LogEntry entry,
            int index,
            SensorEvent event,
            Device device,
            RuleMatch match) {
        HostProcesses processes = new HostProcesses(config.maxHostProcesses());
        processes.observe(event.core(), event.core().getTimeNs(), 0);
        LogRecord record =
                new LogRecord(
                        here.position(partition),
                        entry.toBuilder().setAgentId(AGENT).setDevice(device).build(),
                        host());
        return sightings.of(record, index, event, match, processes.lineage(event.core()));
    }

    private UUID host() {
        return new UUID(HOST_PREFIX, VARIANT | partition);
    }
}
