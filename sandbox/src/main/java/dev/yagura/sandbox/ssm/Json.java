package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.ApiFault;
import java.time.Instant;

/** Forms of SSM's JSON. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Seconds since the epoch with milliseconds, as JSON 1.1 writes times. */
    static double time(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    static ApiFault invalid(String format, Object... arguments) {
        return ApiFault.of("ValidationException", format, arguments);
    }
}
