package dev.yagura.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How new ClamAV's definitions are. A database begins with 512 bytes of text, divided by colons:
 * "ClamAV-VDB", when it was made, version, …, and last when it was made in seconds since 1970.
 */
final class ClamDefinitions {
    private static final int HEADER = 512;
    private static final String MAGIC = "ClamAV-VDB";

    /** The one that is made anew every day, as it is downloaded and as it is patched. */
    private static final List<String> DAILY = List.of("daily.cvd", "daily.cld");

    private ClamDefinitions() {}

    /** When the newest was made; empty where there is none that can be read. */
    static Optional<Instant> made(Path folder) {
        return DAILY.stream()
                .flatMap(name -> Stream.ofNullable(madeTime(folder.resolve(name))))
                .max(Comparator.naturalOrder());
    }

    private static @Nullable Instant madeTime(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String header = new String(in.readNBytes(HEADER), StandardCharsets.ISO_8859_1).strip();
            if (header.startsWith(MAGIC)) {
                return Instant.ofEpochSecond(
                        Long.parseLong(header.substring(header.lastIndexOf(':') + 1).strip()));
            }
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException | NumberFormatException | DateTimeException e) {
            return null; // what is not there, or cannot be read, says nothing
        }
    }
}
