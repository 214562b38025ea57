package dev.yagura.cli.connection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts that a command sends. */
public final class TextFiles {
    private static final String STANDARD_INPUT = "-";

    private TextFiles() {}

    /** What the file holds; "-" is standard input. */
    public static String read(String file) {
        try {
            return file.equals(STANDARD_INPUT)
                    ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + " as UTF-8 text: " + e.getMessage());
        }
    }
}
