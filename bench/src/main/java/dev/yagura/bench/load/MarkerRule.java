package dev.yagura.bench.load;

import dev.yagura.proto.telemetry.v1.Event;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.OptionalLong;

/** The Sigma rule that matches marker events and nothing else, and what a marker looks like. */
public final class MarkerRule {
    /** Id of the rule in marker.yml. */
    public static final String ID = "7c1b7f0e-3a54-4d0b-9d5f-0f6e7a2b91c4";

    static final String PROGRAM = "/opt/yagura-bench/marker";
    private static final String SERIAL = " --serial ";

    private MarkerRule() {}

    /** Puts the rule into a folder for `./yagura up --rules`. */
    public static void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (InputStream rule =
                Objects.requireNonNull(
                        MarkerRule.class.getResourceAsStream("marker.yml"),
                        "marker.yml is in the jar")) {
            Files.write(folder.resolve("marker.yml"), rule.readAllBytes());
        }
    }

    static String commandLine(long serial) {
        return PROGRAM + SERIAL + serial;
    }

    /** The serial number of a marker; empty for any other event. */
    public static OptionalLong serial(Event event) {
        String commandLine = event.getProcess().getCmdLine();
        String prefix = PROGRAM + SERIAL;
        return commandLine.startsWith(prefix)
                ? OptionalLong.of(Long.parseLong(commandLine.substring(prefix.length())))
                : OptionalLong.empty();
    }
}
