package dev.yagura.cli.rule;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.telemetry.recording.Piece;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

/**
 * Evaluates recordings. One thread reads and cuts them into pieces, others decode and match these;
 * what is found is written in the order of the files, matches of correlations at the end. A bounded
 * number of pieces waits.
 */
final class Scan implements AutoCloseable {
    private static final int PIECES_A_THREAD = 4;

    /** The device is not in a recording; events say by their source what they are of. */
    private static final Device UNKNOWN = Device.getDefaultInstance();

    private final EventMatcher matcher;
    private final ScanCorrelations correlations;
    private final PrintWriter out;
    private final BiConsumer<String, String> badLine;
    private final ExecutorService threads;
    private final int mostWaiting;
    private final Clock clock = Clock.systemUTC();
    private final Deque<Future<Result>> waiting = new ArrayDeque<>();
    private long events;
    private long matches;
    private long badLines;

    /**
     * A scan.
     *
     * @param badLine hears of the file and the reason of each line or object not understood
     */
    Scan(OfflineRules rules, int threadCount, PrintWriter out, BiConsumer<String, String> badLine) {
        this.matcher = rules.matcher();
        this.correlations = new ScanCorrelations(rules);
        this.out = out;
        this.badLine = badLine;
        this.threads =
                Executors.newFixedThreadPool(
                        threadCount, Thread.ofPlatform().name("scan-", 1).daemon().factory());
        this.mostWaiting = PIECES_A_THREAD * threadCount;
    }

    /** What came of one piece. */
    private record Result(
            String lines,
            long events,
            long matches,
            long badLines,
            List<ScanCorrelations.Part> parts) {}

    /**
     * Evaluates one file.
     *
     * @throws IOException when the file is damaged or cut; what is before that was evaluated
     */
    void file(Recording recording) throws IOException {
        String name = recording.file().toString();
        try {
            recording.pieces(
                    clock,
                    (line, reason) -> {
                        badLines++;
                        badLine.accept(name, reason);
                    },
                    piece -> {
                        while (waiting.size() >= mostWaiting) {
                            take();
                        }
                        waiting.add(threads.submit(() -> evaluate(name, piece)));
                    });
        } finally {
            while (!waiting.isEmpty()) {
                take();
            }
        }
    }

    private Result evaluate(String file, Piece piece) {
        MatchLines lines = new MatchLines(file);
        List<ScanCorrelations.Part> parts = new ArrayList<>();
        long[] counts = new long[3];
        piece.decode(
                (line, reason) -> {
                    counts[2]++;
                    badLine.accept(file, reason);
                },
                (record, event) -> {
                    counts[0]++;
                    for (RuleMatch match : matcher.match(UNKNOWN, event)) {
                        String rule = match.rule().getName();
                        if (correlations.wants(rule)) {
                            parts.add(correlations.part(rule, file + '#' + record, UNKNOWN, event));
                        }
                        if (correlations.isShown(rule)) {
                            counts[1]++;
                            lines.add(record, event, match);
                        }
                    }
                });
        return new Result(lines.text(), counts[0], counts[1], counts[2], parts);
    }

    private void take() {
        try {
            Result result = waiting.remove().get();
            write(result.lines());
            result.parts().forEach(correlations::add);
            events += result.events();
            matches += result.matches();
            badLines += result.badLines();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while scanning", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a piece could not be evaluated", e.getCause());
        }
    }

    /** Writes what correlations make of all files. */
    void finish() {
        MatchLines lines = new MatchLines("");
        matches += correlations.finish(lines);
        write(lines.text());
    }

    private void write(String lines) {
        out.write(lines);
        if (out.checkError()) {
            throw new IllegalStateException("the matches cannot be written any more");
        }
    }

    long events() {
        return events;
    }

    long matches() {
        return matches;
    }

    long badLines() {
        return badLines;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
