package dev.yagura.detection.alert;

import com.google.protobuf.ByteString;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.process.Lineage;
import dev.yagura.proto.detection.v1.AlertTimes;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.EvidenceReference;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.UUID;

/** Makes sightings: evidence, entity, times, and the asset as it is known now. */
public final class Sightings {
    private final AlertConfig config;
    private final AssetReadModel assets;
    private final Clock clock;

    public Sightings(AlertConfig config, AssetReadModel assets, Clock clock) {
        this.config = config;
        this.assets = assets;
        this.clock = clock;
    }

    /**
     * The sighting of a rule.
     *
     * @param index of the event in its batch
     */
    public Sighting of(
            LogRecord record, int index, SensorEvent sensed, RuleMatch rule, Lineage lineage) {
        Event event = sensed.whole();
        long offset = record.entry().getClockOffsetNs();
        long occurredNs = event.getTimeNs() + offset;
        Entity entity = entity(event, record.hostId(), record.entry().getDevice().getHostname());
        String eventId = record.eventId(index);
        String ruleId = rule.rule().getId();
        BoundedCopy copy = BoundedCopy.of(event);
        Match match =
                Match.newBuilder()
                        .setId(AlertIds.match(ruleId, eventId).toString())
                        .setEvidence(
                                EvidenceReference.newBuilder()
                                        .setPosition(record.position())
                                        .setEventIndex(index)
                                        .setEventSha256(sha256(sensed.bytes()))
                                        .setEventId(eventId))
                        .setEvent(copy.event())
                        .setEventTruncated(copy.truncated())
                        .addAllMatchedFields(rule.matchedFields())
                        .setCondition(rule.condition())
                        .build();
        return new Sighting(
                alertId(record, event, ruleId),
                record.hostId(),
                rule.rule(),
                rule.severity(),
                entity,
                match,
                times(record, event, occurredNs),
                occurredNs,
                assets.snapshot(record.hostId(), record.entry().getDevice()),
                lineage);
    }

    /** The alert that a match of the rule would be a part of. */
    public UUID alertId(LogRecord record, Event event, String ruleId) {
        return AlertIds.alert(
                ruleId,
                record.hostId(),
                entity(event, record.hostId(), record.entry().getDevice().getHostname()),
                event.getTimeNs() + record.entry().getClockOffsetNs(),
                config.period());
    }

    private AlertTimes times(LogRecord record, Event event, long occurredNs) {
        long offset = record.entry().getClockOffsetNs();
        long observed =
                event.getObservedTimeNs() == 0 ? event.getTimeNs() : event.getObservedTimeNs();
        return AlertTimes.newBuilder()
                .setOccurred(Nanos.timestamp(occurredNs))
                .setObserved(Nanos.timestamp(observed + offset))
                .setIngested(Nanos.timestamp(record.entry().getReceivedTimeNs()))
                .setDetected(Nanos.timestamp(clock.instant()))
                .setClockOffsetNs(offset)
                .setLastOccurred(Nanos.timestamp(occurredNs))
                .build();
    }

    /** The process; without one the account, cloud caller or host that the event is about. */
    private static Entity entity(Event event, UUID hostId, String hostname) {
        Process subject = HostProcesses.subject(event);
        if (!subject.getUid().isEmpty()) {
            String path = subject.getPath();
            return entity(
                    EntityKind.ENTITY_KIND_PROCESS,
                    subject.getUid(),
                    path.substring(path.lastIndexOf('/') + 1)
                            + " ("
                            + Integer.toUnsignedString(subject.getPid())
                            + ")");
        }
        if (!event.getApi().getPrincipalArn().isEmpty()) {
            String arn = event.getApi().getPrincipalArn();
            return entity(EntityKind.ENTITY_KIND_ROLE_SESSION, arn, arn);
        }
        String user =
                event.getUser().getName().isEmpty()
                        ? event.getUser().getUid()
                        : event.getUser().getName();
        return user.isEmpty()
                ? entity(
                        EntityKind.ENTITY_KIND_HOST,
                        hostId.toString(),
                        hostname.isEmpty() ? hostId.toString() : hostname)
                : entity(EntityKind.ENTITY_KIND_USER, user, user);
    }

    private static Entity entity(EntityKind kind, String id, String label) {
        return Entity.newBuilder().setKind(kind).setId(id).setLabel(label).build();
    }

    private static String sha256(ByteString bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes.asReadOnlyByteBuffer());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
