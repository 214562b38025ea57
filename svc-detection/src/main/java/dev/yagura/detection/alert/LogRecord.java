package dev.yagura.detection.alert;

import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import java.util.UUID;

/**
 * An entry of the log and where it is.
 *
 * @param hostId of its device
 */
public record LogRecord(Position position, LogEntry entry, UUID hostId) {

    /** "agent / spool id / sequence / index", without blanks. */
    public String eventId(int index) {
        return entry.getAgentId()
                + "/"
                + entry.getSpoolId()
                + "/"
                + Long.toUnsignedString(entry.getSequence())
                + "/"
                + index;
    }
}
