package dev.yagura.cli.output;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.yagura.cli.connection.UsageException;
import java.text.ParseException;

/** Times that a person writes. */
public final class Moments {
    private Moments() {}

    /** Of an option; RFC 3339. */
    public static Timestamp parse(String option, String text) {
        try {
            return Timestamps.parse(text);
        } catch (ParseException e) {
            throw new UsageException(option + ": write it as 2026-11-20T09:00:00Z");
        }
    }
}
