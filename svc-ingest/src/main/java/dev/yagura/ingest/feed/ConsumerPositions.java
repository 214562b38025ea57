package dev.yagura.ingest.feed;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.ingest.log.Bounds;
import dev.yagura.ingest.log.EventLog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What consumers have processed, and what may be deleted for it. */
final class ConsumerPositions {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private final EventLog log;
    private final EventFeed feed;
    private final PositionStore store;

    ConsumerPositions(EventLog log, EventFeed feed, PositionStore store) {
        this.log = log;
        this.feed = feed;
        this.store = store;
    }

    /**
     * Registers the consumer, if it is new, and keeps its positions.
     *
     * @param replayFloors of some of the partitions; the others need their position
     * @throws PositionLostException a position of another log or beyond the tail
     */
    void commit(String consumer, List<LogPosition> positions, List<LogPosition> replayFloors) {
        if (!NAME.matcher(consumer).matches()) {
            throw new InvalidFieldException(
                    "consumer", "is no name", "send lower-case letters, digits and hyphens");
        }
        List<Bounds> bounds = log.bounds();
        Map<Integer, Long> floors = new HashMap<>();
        for (LogPosition floor : replayFloors) {
            check("replay_floors", floor, bounds);
            floors.put(floor.partition(), floor.offset());
        }
        Map<Integer, ConsumerPosition> committed = new HashMap<>();
        for (LogPosition position : positions) {
            check("positions", position, bounds);
            long floor = floors.getOrDefault(position.partition(), position.offset());
            if (floor > position.offset() + 1) {
                throw new InvalidFieldException(
                        "replay_floors",
                        "is beyond what is processed in partition " + position.partition(),
                        "send at most the position + 1");
            }
            committed.put(
                    position.partition(),
                    new ConsumerPosition(
                            consumer,
                            position.partition(),
                            position.incarnation(),
                            position.offset(),
                            floor));
        }
        if (!committed.keySet().containsAll(floors.keySet())) {
            throw new InvalidFieldException(
                    "replay_floors",
                    "names a partition that positions does not",
                    "send the position of each partition that has a floor");
        }
        store.save(new ArrayList<>(committed.values()));
    }

    private void check(String field, LogPosition position, List<Bounds> bounds) {
        feed.requirePartition(field + ".partition", position.partition());
        feed.requireSameLog(position.incarnation());
        long last = bounds.get(position.partition()).last();
        long limit = field.equals("positions") ? last : last + 1;
        if (Long.compareUnsigned(position.offset(), limit) > 0) {
            throw new PositionLostException(
                    "%s: partition %d ends at %d, before %s"
                            .formatted(
                                    field,
                                    position.partition(),
                                    last,
                                    Long.toUnsignedString(position.offset())));
        }
    }

    /**
     * Lowest offset that must stay, by partition. A partition in which some consumer has committed
     * nothing, or in another log, is absent: nothing may go. Without consumers all are absent.
     */
    Map<Integer, Long> floors() {
        String incarnation = log.incarnation();
        List<ConsumerPosition> all = store.all();
        Set<String> consumers =
                all.stream().map(ConsumerPosition::consumer).collect(Collectors.toSet());
        Map<Integer, List<ConsumerPosition>> byPartition =
                all.stream()
                        .filter(position -> position.incarnation().equals(incarnation))
                        .collect(Collectors.groupingBy(ConsumerPosition::partition));
        Map<Integer, Long> floors = new HashMap<>();
        byPartition.forEach((partition, positions) -> {
            if (positions.size() == consumers.size()) {
                floors.put(
                        partition,
                        positions.stream()
                                .mapToLong(ConsumerPosition::replayFloor)
                                .min()
                                .orElseThrow());
            }
        });
        return floors;
    }
}
