package dev.yagura.testkit.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A properties file with secrets, readable by its owner only, replaced as a whole.
 *
 * @param values plain texts without line breaks; changes are written by {@link #write}
 */
record PrivateProperties(Path file, Map<String, String> values) {

    /** The file's values; none when it is missing. */
    static PrivateProperties read(Path file) throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            Properties properties = new Properties();
            try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(in);
            }
            properties.stringPropertyNames().forEach(n -> values.put(n, properties.getProperty(n)));
        }
        return new PrivateProperties(file, values);
    }

    void write() throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(written);
        Files.createFile(
                written,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        List<String> lines =
                values.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
        Files.write(written, lines, StandardCharsets.UTF_8);
        Files.move(
                written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
