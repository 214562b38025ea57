package dev.yagura.response.aws;

import com.google.protobuf.Timestamp;
import java.time.Instant;

/** Moments as the contract's messages keep them. */
public final class SavedTime {
    private SavedTime() {}

    public static Timestamp of(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static Instant read(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }
}
