package dev.yagura.ingest.log;

import dev.yagura.common.log.LogKeys;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Redis must be configured for, so that an acknowledgement may be given. */
final class LogSafety {
    private static final Logger LOG = LoggerFactory.getLogger(LogSafety.class);

    private static final Map<String, String> REQUIRED =
            new TreeMap<>(
                    Map.of(
                            "appendonly", "yes",
                            "appendfsync", "always",
                            "maxmemory-policy", "noeviction"));

    private LogSafety() {}

    /**
     * Compares the server's configuration.
     *
     * @param configuration asks the server for one parameter
     * @throws UnsafeRedisException it does not fit, and durability demands that it does
     */
    static void check(
            LogConfig.Durability durability, Function<String, Map<String, String>> configuration) {
        if (durability == LogConfig.Durability.MANAGED) {
            return;
        }
        List<String> problems = problems(configuration);
        if (problems.isEmpty()) {
            return;
        }
        if (durability == LogConfig.Durability.FSYNC) {
            throw new UnsafeRedisException(
                    "Redis could lose acknowledged batches: "
                            + String.join(", ", problems)
                            + "; configure the server so, or set yagura.ingest.log.durability");
        }
        LOG.atWarn()
                .addKeyValue(LogKeys.REASON, problems)
                .log("Redis may lose acknowledged batches; yagura.ingest.log.durability allows it");
    }

    private static List<String> problems(Function<String, Map<String, String>> configuration) {
        return REQUIRED.entrySet().stream()
                .filter(required ->
                        !required.getValue()
                                .equals(
                                        configuration
                                                .apply(required.getKey())
                                                .get(required.getKey())))
                .map(required -> required.getKey() + " must be " + required.getValue())
                .toList();
    }
}
