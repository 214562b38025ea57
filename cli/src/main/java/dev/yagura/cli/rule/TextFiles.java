package dev.yagura.cli.rule;

import dev.yagura.cli.connection.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that a command sends. */
final class TextFiles {
    private static final String STANDARD_INPUT = "-";

    private TextFiles() {}

    /** What the file holds; "-" is standard input. */
    static String read(String file) {
        try {
            return file.equals(STANDARD_INPUT)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + " as UTF-8 text: " + e.getMessage());
        }
    }
}
