package dev.yagura.ingest.telemetry;

import dev.yagura.common.error.YaguraException;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;

/** The agent's side of a stream; one caller at a time. */
interface StreamPeer {

    void send(StreamTelemetryResponse message);

    /** Asks for one more message. */
    void request();

    /** False while answers pile up unread. */
    boolean isReady();

    void complete();

    void fail(YaguraException error);

    /** Ends it in favour of a newer stream of the spool. */
    void endForNewer();
}
