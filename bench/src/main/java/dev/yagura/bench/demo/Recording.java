package dev.yagura.bench.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A recording of the kernel's audit records, to be played again with the time of now. Records of
 * one event keep one time, the order stays, and pauses are cut to at most a given length.
 */
final class Recording {
    private static final Pattern STAMP = Pattern.compile("msg=audit\\((\\d+)\\.(\\d{3}):(\\d+)\\)");

    private final List<Line> lines;

    /**
     * One record.
     *
     * @param offsetMillis when it is due after the start of the play
     * @param before text up to its time
     * @param after text from its serial number on
     */
    record Line(long offsetMillis, String before, String after) {
        /** The record with another time. */
        String at(long epochMillis) {
            return "%s%d.%03d%s".formatted(before, epochMillis / 1000, epochMillis % 1000, after);
        }
    }

    private Recording(List<Line> lines) {
        this.lines = List.copyOf(lines);
    }

    /**
     * Reads a recording.
     *
     * @param maxPause pauses between events longer than this are cut to it
     */
    static Recording read(Path file, Duration maxPause) throws IOException {
        List<String> texts = Files.readAllLines(file, StandardCharsets.UTF_8);
        NavigableMap<Long, Long> offsets = offsets(texts, maxPause.toMillis());
        List<Line> lines = new ArrayList<>();
        for (String text : texts) {
            Matcher stamp = STAMP.matcher(text);
            if (stamp.find()) {
                Long offset = offsets.get(millis(stamp));
                lines.add(
                        new Line(
                                offset == null ? 0 : offset,
                                text.substring(0, stamp.start(1)),
                                text.substring(stamp.end(2))));
            }
        }
        return new Recording(lines);
    }

    List<Line> lines() {
        return lines;
    }

    Duration length() {
        return Duration.ofMillis(lines.stream().mapToLong(Line::offsetMillis).max().orElse(0));
    }

    private static NavigableMap<Long, Long> offsets(List<String> texts, long maxPauseMillis) {
        TreeSet<Long> times = new TreeSet<>();
        for (String text : texts) {
            Matcher stamp = STAMP.matcher(text);
            if (stamp.find()) {
                times.add(millis(stamp));
            }
        }
        NavigableMap<Long, Long> offsets = new TreeMap<>();
        long offset = 0;
        long last = times.isEmpty() ? 0 : times.getFirst();
        for (long time : times) {
            offset += Math.min(time - last, maxPauseMillis);
            offsets.put(time, offset);
            last = time;
        }
        return offsets;
    }

    private static long millis(Matcher stamp) {
        return Long.parseLong(stamp.group(1)) * 1000 + Long.parseLong(stamp.group(2));
    }

    /** What sees each record when it is played. */
    @FunctionalInterface
    interface Listener {
        void played(String record);
    }

    /** Plays into a log file, as auditd would write it; returns at the end or at an interrupt. */
    void play(Path log, Listener listener) {
        long start = System.currentTimeMillis();
        try (var out =
                Files.newBufferedWriter(
                        log,
                        StandardCharsets.UTF_8,
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND)) {
            for (Line line : lines) {
                long due = start + line.offsetMillis();
                long wait = due - System.currentTimeMillis();
                if (wait > 0) {
                    out.flush();
                    Thread.sleep(wait);
                }
                String record = line.at(due);
                out.write(record);
                out.write('\n');
                listener.played(record);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + log, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
