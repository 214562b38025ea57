package dev.yagura.bench.fault;

import dev.yagura.bench.load.MarkerRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A correlation of markers over all hosts of a campaign. */
final class BurstRule {
    static final String ID = "7c1b7f0e-3a54-4d0b-9d5f-0f6e7a2b91c5";

    private BurstRule() {}

    /** Puts the rule beside that of the markers, which goes on raising its own alerts. */
    static void writeTo(Path folder) throws IOException {
        Files.writeString(
                folder.resolve("burst.yml"),
                """
                title: Many markers
                id: %s
                level: low
                correlation:
                  type: event_count
                  rules: [%s]
                  group-by: [ParentProcessId]
                  timespan: 5m
                  condition: {gte: 2}
                  generate: true
                """
                        .formatted(ID, MarkerRule.ID));
    }
}
