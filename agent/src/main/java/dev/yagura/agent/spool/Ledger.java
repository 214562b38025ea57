package dev.yagura.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the spool must remember beside its segments: its id, the last acknowledged sequence, and the
 * gaps that are not acknowledged yet. A text file:
 *
 * <pre>
 * spool 2f1c7c1e-…
 * acknowledged 4711
 * gap 4712 4800 3120 1795493346843000000 the spool passed its size
 * </pre>
 */
record Ledger(UUID spoolId, long acknowledged, List<SpoolEntry.Gap> gaps) {

    Ledger {
        gaps = List.copyOf(gaps);
    }

    /**
     * Reads the file.
     *
     * @throws IOException when it is not there or not understood
     */
    static Ledger read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        try {
            UUID id = UUID.fromString(value(lines.get(0), "spool "));
            long acknowledged = Long.parseLong(value(lines.get(1), "acknowledged "));
            List<SpoolEntry.Gap> gaps = new ArrayList<>();
            for (String line : lines.subList(2, lines.size())) {
                String[] words = value(line, "gap ").split(" ", 5);
                gaps.add(
                        new SpoolEntry.Gap(
                                Long.parseLong(words[0]),
                                Long.parseLong(words[1]),
                                Long.parseLong(words[2]),
                                Long.parseLong(words[3]),
                                words[4]));
            }
            return new Ledger(id, acknowledged, gaps);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException(file + " is damaged", e);
        }
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("spool ").append(spoolId).append('\n');
        text.append("acknowledged ").append(acknowledged).append('\n');
        for (SpoolEntry.Gap gap : gaps) {
            text.append(
                    "gap %d %d %d %d %s%n"
                            .formatted(
                                    gap.firstSequence(),
                                    gap.lastSequence(),
                                    gap.events(),
                                    gap.timeNanos(),
                                    gap.reason()));
        }
        AtomicFile.write(file, text.toString());
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name)) {
            throw new IllegalArgumentException("expected '" + name + "'");
        }
        return line.substring(name.length());
    }
}
