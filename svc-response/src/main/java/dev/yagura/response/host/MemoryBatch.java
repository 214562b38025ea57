package dev.yagura.response.host;

import dev.yagura.response.action.ActionFailedException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a host says of one run: some parts have arrived, and a list of them.
 *
 * @param boot the kernel's id of the time since the host was booted
 * @param map SHA-256 of the ranges that parts are made of
 * @param parts that there are in all
 * @param bytes of memory in all parts
 * @param compression "zst" or "gz"
 * @param missingBytes of RAM that /proc/kcore does not have
 * @param last part that has arrived; one less than the first if none has
 * @param listSha256 of the list of these parts
 * @param stopped why it did not go on; empty when its time was over, or it is done
 */
record MemoryBatch(
        String kernel,
        String boot,
        String map,
        int parts,
        long bytes,
        String compression,
        long missingBytes,
        int first,
        int last,
        String listSha256,
        int listBytes,
        Optional<String> stopped) {
    private static final Pattern BOOT = Pattern.compile("[0-9a-f-]{36}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /** 32 TiB in parts of 8 MiB, and the same again of small ranges. */
    private static final int MOST_PARTS = 8_000_000;

    /** Of a list: a line for each part. */
    private static final int MOST_LIST_BYTES = 1 << 20;

    /**
     * Of a report that is no refusal.
     *
     * @param first part that was asked for
     * @param most how many were
     * @throws ActionFailedException it says something that cannot be
     */
    static MemoryBatch of(HostReport report, int first, int most) {
        if (!report.complete()) {
            throw nonsense("it is cut");
        }
        HostReport.Fact map = fact(report, "map");
        int parts = (int) number(map, 1, MOST_PARTS);
        Optional<HostReport.Fact> arrived = report.first("parts");
        Optional<HostReport.Fact> list = report.first("list");
        int last = first - 1;
        if (arrived.isPresent() && list.isPresent()) {
            last = (int) number(arrived.get(), 1, Math.min(parts, first + most - 1L));
            if (number(arrived.get(), 0, parts) != first || last < first) {
                throw nonsense("it has other parts than were asked for");
            }
        }
        return new MemoryBatch(
                fact(report, "kernel").text(0),
                word(fact(report, "boot"), 0, BOOT),
                word(map, 0, SHA256),
                parts,
                number(map, 2, Long.MAX_VALUE),
                map.value(3).equals("zst") ? "zst" : "gz",
                number(fact(report, "gaps"), 1, Long.MAX_VALUE),
                first,
                last,
                last < first ? "" : word(list.orElseThrow(), 0, SHA256),
                last < first ? 0 : (int) number(list.orElseThrow(), 1, MOST_LIST_BYTES),
                report.first("stopped").map(fact -> fact.text(0)));
    }

    /** Something has arrived. */
    boolean isProgress() {
        return last >= first;
    }

    /** Nothing is left. */
    boolean isLast() {
        return last == parts;
    }

    /** Of the same memory as an earlier one. */
    boolean isOf(MemoryBatch earlier) {
        return boot.equals(earlier.boot) && map.equals(earlier.map) && parts == earlier.parts;
    }

    private static HostReport.Fact fact(HostReport report, String word) {
        return report.first(word).orElseThrow(() -> nonsense("it does not say " + word));
    }

    private static String word(HostReport.Fact fact, int index, Pattern pattern) {
        if (!pattern.matcher(fact.value(index)).matches()) {
            throw nonsense("its " + fact.word() + " is none");
        }
        return fact.value(index);
    }

    private static long number(HostReport.Fact fact, int index, long most) {
        try {
            long number = Long.parseLong(fact.value(index));
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // As one that cannot be.
        }
        throw nonsense("its " + fact.word() + " is no number that can be");
    }

    private static ActionFailedException nonsense(String problem) {
        return new ActionFailedException("the host's report is not to be used: " + problem);
    }
}
