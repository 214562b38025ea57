package dev.yagura.agent.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Which processes are those of which product. */
final class AntivirusTable {
    static final String CLAMAV = "ClamAV";

    private static final String FILE = "antivirus.csv";

    /** The kernel keeps 15 bytes of a name. */
    private static final int NAME = 15;

    private final Map<String, String> productByProcess;

    private AntivirusTable(Map<String, String> productByProcess) {
        this.productByProcess = productByProcess;
    }

    /** The one that the agent ships with. */
    static AntivirusTable shipped() {
        try (InputStream file =
                        Objects.requireNonNull(AntivirusTable.class.getResourceAsStream(FILE));
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return new AntivirusTable(
                    reader.lines()
                            .filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(line -> line.split(",", 2))
                            .collect(Collectors.toMap(field -> field[0], field -> field[1])));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds the products whose process this is, each with the first name that it is known by. */
    void addTo(Map<String, String> processByProduct, RunningProcess running) {
        productByProcess.forEach((process, product) -> {
            if (is(running, process)) {
                processByProduct.merge(
                        product, process, (one, two) -> one.compareTo(two) < 0 ? one : two);
            }
        });
    }

    private static boolean is(RunningProcess running, String process) {
        return running.file().equals(process)
                || running.name()
                        .equals(process.length() > NAME ? process.substring(0, NAME) : process);
    }
}
