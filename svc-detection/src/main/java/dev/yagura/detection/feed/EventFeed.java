package dev.yagura.detection.feed;

import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.ingest.v1.ReadEventsResponse;
import java.util.List;

/** The event log, as a consumer sees it. */
interface EventFeed {

    /** Takes what was read, at its own pace. */
    @FunctionalInterface
    interface Handler {
        /**
         * Takes a page.
         *
         * @return whether to read on
         */
        boolean take(ReadEventsResponse page) throws InterruptedException;
    }

    /**
     * Shape and bounds.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the log is away
     */
    GetLogResponse log();

    /**
     * Reads after a position, until the handler has enough, the thread is interrupted, or the log
     * ends the stream. Asks for more only when the handler has returned.
     *
     * @throws dev.yagura.common.error.PositionLostException no such position
     * @throws dev.yagura.common.error.DependencyUnavailableException the log is away
     */
    void read(Position after, Handler handler) throws InterruptedException;

    /** Says how far this consumer is, and from where it would read again. */
    void commit(List<Position> positions, List<Position> replayFloors);
}
