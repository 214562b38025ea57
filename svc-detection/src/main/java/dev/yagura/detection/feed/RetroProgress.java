package dev.yagura.detection.feed;

import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.indicator.RetroMatching;
import dev.yagura.proto.detection.v1.RetroMatchResponse;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.Position;
import java.util.Map;
import java.util.TreeMap;

/** How far a retro-match is, told after each page of the log. */
final class RetroProgress {
    private final RetroMatching.Listener listener;
    private final RetroMatchResponse.Builder message = RetroMatchResponse.newBuilder();
    private final Map<Integer, Position> from = new TreeMap<>();
    private final Map<Integer, Position> to = new TreeMap<>();
    private long oldestNs = Long.MAX_VALUE;

    RetroProgress(GetLogResponse log, RetroMatching.Listener listener) {
        this.listener = listener;
        message.setPartitions(log.getPartitions());
    }

    /** A partition is read between these places. */
    void begin(int partition, Place after, Place last) {
        from.put(partition, new Place(after.incarnation(), after.offset() + 1).position(partition));
        to.put(partition, last.position(partition));
    }

    void event(long occurredNs) {
        message.setEventsRead(message.getEventsRead() + 1);
        oldestNs = Math.min(oldestNs, occurredNs);
    }

    void matched(int matches) {
        message.setMatches(message.getMatches() + matches);
    }

    void committed(int fresh) {
        message.setNewMatches(message.getNewMatches() + fresh);
    }

    void unreadable() {
        message.setUnreadableEntries(message.getUnreadableEntries() + 1);
    }

    void finished() throws InterruptedException {
        message.setPartitionsDone(message.getPartitionsDone() + 1);
        tell();
    }

    void end() throws InterruptedException {
        message.setDone(true);
        tell();
    }

    void tell() throws InterruptedException {
        message.clearReadFrom().clearReadTo();
        message.addAllReadFrom(from.values()).addAllReadTo(to.values());
        if (oldestNs != Long.MAX_VALUE) {
            message.setOldestEventTime(Nanos.timestamp(oldestNs));
        }
        listener.progress(message.build());
    }
}
