package dev.yagura.detection.benign;

import com.github.luben.zstd.ZstdInputStream;
import dev.yagura.telemetry.auditd.AuditdParser;
import dev.yagura.telemetry.event.EventSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * One recorded host of sandbox/benign.
 *
 * @param runs in the order of time
 */
record BenignHost(String role, String about, long records, List<Run> runs, Path log) {
    private static final Path RECORDINGS = Path.of("../sandbox/benign/recordings");

    BenignHost {
        runs = List.copyOf(runs);
    }

    /**
     * One run of a job.
     *
     * @param daily how often the job runs a day on such a host
     */
    record Run(String job, double daily, long startNs, long endNs) {}

    /** All of them, by role. */
    static List<BenignHost> all() {
        try (Stream<Path> files = Files.list(RECORDINGS)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .map(BenignHost::of)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static BenignHost of(Path file) {
        Map<String, Object> manifest;
        try {
            manifest = new Yaml().load(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Run> runs = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(manifest.get("runs"))) {
            Map<?, ?> run = (Map<?, ?>) each;
            runs.add(
                    new Run(
                            String.valueOf(run.get("job")),
                            Double.parseDouble(String.valueOf(run.get("daily"))),
                            nanos(String.valueOf(run.get("start"))),
                            nanos(String.valueOf(run.get("end")))));
        }
        String role = String.valueOf(manifest.get("role"));
        return new BenignHost(
                role,
                String.valueOf(manifest.get("about")),
                Long.parseLong(String.valueOf(manifest.get("records"))),
                runs,
                file.resolveSibling(role + ".log.zst"));
    }

    private static long nanos(String seconds) {
        return new BigDecimal(seconds).movePointRight(9).longValueExact();
    }

    /** The run that a moment falls into: the last one that had begun; the first before all. */
    int runAt(long timeNs) {
        int found = 0;
        for (int i = 1; i < runs.size() && runs.get(i).startNs() <= timeNs; i++) {
            found = i;
        }
        return found;
    }

    /** Gives every event to the sink; a line that is not understood fails. */
    void read(EventSink sink) {
        AuditdParser parser =
                new AuditdParser(
                        role,
                        Clock.systemUTC(),
                        (line, reason) -> {
                            throw new AssertionError(log + ": " + reason + ": " + line);
                        },
                        sink);
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new ZstdInputStream(Files.newInputStream(log)),
                                StandardCharsets.UTF_8))) {
            lines.lines().forEach(parser::line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        parser.finish();
    }
}
