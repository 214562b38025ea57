package dev.yagura.bench.report;

import dev.yagura.bench.platform.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where figures are from.
 *
 * @param commit of the working tree
 * @param command that takes them again
 * @param machine processors, memory, kernel
 * @param java version of the JDK
 * @param flags of the services' JVMs
 */
public record Setting(String commit, String command, String machine, String java, String flags) {

    /**
     * Of this machine.
     *
     * @param commandLine of one of the services
     * @param command that takes the figures again
     */
    public static Setting of(Repository repository, List<String> commandLine, String command)
            throws IOException {
        return new Setting(
                repository.commit(),
                command,
                describeMachine(),
                Runtime.version().toString(),
                flags(commandLine).replace(repository.root() + "/", ""));
    }

    private static String describeMachine() throws IOException {
        return "%d cores (%s), %s of memory, Linux %s"
                .formatted(
                        Runtime.getRuntime().availableProcessors(),
                        field("/proc/cpuinfo", "model name"),
                        gibibytes(field("/proc/meminfo", "MemTotal")),
                        System.getProperty("os.version"));
    }

    private static String field(String file, String name) throws IOException {
        return Files.readAllLines(Path.of(file)).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown " + name);
    }

    private static String gibibytes(String kibibytes) {
        return "%.0f GiB".formatted(Double.parseDouble(kibibytes.split(" ")[0]) / (1 << 20));
    }

    /** Flags of the JVM itself; system properties and the class path differ by service. */
    static String flags(List<String> commandLine) {
        return commandLine.stream()
                .takeWhile(argument -> !argument.equals("-cp"))
                .filter(argument -> argument.startsWith("-X") || argument.startsWith("--"))
                .collect(Collectors.joining(" "));
    }
}
