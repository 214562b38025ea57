package dev.yagura.bench.measure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Appending to the durable log, medians of several rounds that took turns.
 *
 * @param agents that sent at once; as many writers appended directly
 * @param blobBytes of one batch, on average
 * @param raw XADD by each writer, one batch after the other
 * @param rawPipelined the same, several batches before each wait
 * @param gateway through gateway and ingest, with nobody reading the log
 * @param withDetection the same while detection works on what is written
 * @param hottest methods of a service by samples, as lines of a table, by the service's name
 */
public record IngestFigures(
        int agents,
        double blobBytes,
        Throughput raw,
        Throughput rawPipelined,
        Throughput gateway,
        Throughput withDetection,
        Map<String, List<String>> hottest) {

    public IngestFigures {
        hottest = Collections.unmodifiableMap(new LinkedHashMap<>(hottest));
    }

    /** Acknowledged events through the gateway for each event of raw XADD. */
    public double ratio() {
        return gateway.eventsPerSecond() / raw.eventsPerSecond();
    }

    /** The same against writers that pipeline as agents do. */
    public double pipelinedRatio() {
        return gateway.eventsPerSecond() / rawPipelined.eventsPerSecond();
    }
}
