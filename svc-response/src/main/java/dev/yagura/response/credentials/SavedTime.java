package dev.yagura.response.credentials;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Moments as the contract's messages keep them. */
final class SavedTime {
    private SavedTime() {}

    static Timestamp of(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Instant read(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }
}
