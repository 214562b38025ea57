package dev.yagura.bench.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What /proc says about a process or several (proc(5)).
 *
 * @param cpu user and system time since it started, of all its threads
 * @param residentBytes memory in RAM, shared pages included
 * @param proportionalBytes the same with each shared page divided by its users
 */
public record ProcessFacts(Duration cpu, long residentBytes, long proportionalBytes) {
    /** USER_HZ is 100 on every architecture that Linux and Java 25 share. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final long KIB = 1024;

    /**
     * Reads them now.
     *
     * @throws IOException the process is gone, or is not ours
     */
    static ProcessFacts of(long pid) throws IOException {
        Path folder = Path.of("/proc", Long.toString(pid));
        return new ProcessFacts(
                cpu(read(folder.resolve("stat"))),
                kibibytes(read(folder.resolve("status")), "VmRSS:") * KIB,
                kibibytes(read(folder.resolve("smaps_rollup")), "Pss:") * KIB);
    }

    /** Sums over the processes of a group; those that ended meanwhile count nothing. */
    public static ProcessFacts sum(List<Long> pids) {
        ProcessFacts sum = new ProcessFacts(Duration.ZERO, 0, 0);
        for (long pid : pids) {
            try {
                sum = sum.plus(of(pid));
            } catch (IOException e) {
                // It ended, as the processes of a store's connections do.
            }
        }
        return sum;
    }

    private ProcessFacts plus(ProcessFacts other) {
        return new ProcessFacts(
                cpu.plus(other.cpu),
                residentBytes + other.residentBytes,
                proportionalBytes + other.proportionalBytes);
    }

    /** Name of the program only: cheap, and works for processes of others. */
    static String programOf(long pid) throws IOException {
        return read(Path.of("/proc", Long.toString(pid), "comm")).strip();
    }

    /** Arguments that the process was started with. */
    public static List<String> commandLine(long pid) throws IOException {
        return List.of(read(Path.of("/proc", Long.toString(pid), "cmdline")).split("\0"));
    }

    /** The name may have blanks and parentheses; fields are counted after its last parenthesis. */
    static Duration cpu(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        final int userTime = 14 - 3;
        final int systemTime = 15 - 3;
        return Duration.ofNanos(
                NANOS_PER_TICK
                        * (Long.parseLong(fields[userTime]) + Long.parseLong(fields[systemTime])));
    }

    static long kibibytes(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).replace("kB", "").strip())
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
