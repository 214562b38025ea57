package dev.yagura.bench.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A recording of the JDK's flight recorder in another process, for its hottest methods. */
final class FlightRecording {
    private static final String NAME = "yagura-bench";
    private static final int HOTTEST = 12;
    private static final long TOOL_LIMIT_SECONDS = 60;

    private final long pid;

    private FlightRecording(long pid) {
        this.pid = pid;
    }

    static FlightRecording start(long pid) throws IOException {
        tool("jcmd", Long.toString(pid), "JFR.start", "name=" + NAME, "settings=profile");
        return new FlightRecording(pid);
    }

    /**
     * Ends it.
     *
     * @return the hottest methods with their samples, as `jfr view hot-methods` prints them
     */
    List<String> stop() throws IOException {
        Path file = Files.createTempFile("yagura-bench", ".jfr");
        try {
            tool("jcmd", Long.toString(pid), "JFR.stop", "name=" + NAME, "filename=" + file);
            return hottest(tool("jfr", "view", "--width", "110", "hot-methods", file.toString()));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Title and blank lines are left out; heads, rule and the first rows stay. */
    static List<String> hottest(String view) {
        List<String> lines = view.lines().map(String::stripTrailing).toList();
        int rule = 0;
        while (rule < lines.size() && !lines.get(rule).startsWith("---")) {
            rule++;
        }
        return lines.subList(Math.max(0, rule - 1), lines.size()).stream()
                .filter(line -> !line.isBlank())
                .limit(HOTTEST + 2L)
                .toList();
    }

    private static String tool(String name, String... arguments) throws IOException {
        Path output = Files.createTempFile("yagura-bench", ".txt");
        try {
            Path program = Path.of(System.getProperty("java.home"), "bin", name);
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(List.of(arguments));
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            boolean ended = process.waitFor(TOOL_LIMIT_SECONDS, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(name + " failed: " + text.strip());
            }
            return text;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + name, e);
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
