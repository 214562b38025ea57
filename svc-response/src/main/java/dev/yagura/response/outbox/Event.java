package dev.yagura.response.outbox;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;

/**
 * Something that happened, as it is told outside.
 *
 * @param type for example "action.state_changed"; letters, dots and underscores
 * @param resource what it tells of, for example "actions/{uuid}"
 * @param body JSON with "type", "timestamp" and "data"
 */
public record Event(String type, String resource, String accountId, String body) {
    private static final JsonFormat.Printer JSON =
            JsonFormat.printer().omittingInsignificantWhitespace();

    /**
     * With a message as its data, by proto3's JSON mapping.
     *
     * @param data nothing that may be a secret
     */
    public static Event of(
            String type, String resource, String accountId, Timestamp time, Message data) {
        try {
            String body =
                    "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
                            .formatted(type, Timestamps.toString(time), JSON.print(data));
            return new Event(type, resource, accountId, body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a message without Any has JSON", e);
        }
    }
}
