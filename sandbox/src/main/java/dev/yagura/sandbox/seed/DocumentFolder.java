package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.document.Documents;
import dev.yagura.sandbox.wire.ApiFault;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Documents that are there from the start.
 *
 * @param texts contents by name
 */
public record DocumentFolder(Map<String, String> texts) {
    private static final String SUFFIX = ".json";

    /** None. */
    public static final DocumentFolder EMPTY = new DocumentFolder(Map.of());

    public DocumentFolder {
        texts = Collections.unmodifiableSortedMap(new TreeMap<>(texts));
    }

    /**
     * Every {@code NAME.json} of a folder; other files are none of ours.
     *
     * @throws IOException if the folder or a file cannot be read
     */
    public static DocumentFolder read(Path folder) throws IOException {
        SortedMap<String, String> texts = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                texts.put(
                        name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
            }
        }
        return new DocumentFolder(texts);
    }

    /**
     * Creates them.
     *
     * @throws IllegalArgumentException if one is refused, with the words of the refusal
     */
    void plant(Documents documents, Instant now) {
        texts.forEach((name, text) -> {
            try {
                documents.create(name, text, now);
            } catch (ApiFault e) {
                throw new IllegalArgumentException(
                        "document %s%s: %s".formatted(name, SUFFIX, e.getMessage()), e);
            }
        });
    }
}
