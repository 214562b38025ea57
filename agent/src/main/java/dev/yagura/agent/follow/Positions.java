package dev.yagura.agent.follow;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.agent.spool.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Positions of all sources, in a file that is replaced as a whole. */
public final class Positions {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Map<String, FilePosition> known;
    private boolean changed;

    private Positions(Path file, Map<String, FilePosition> known) {
        this.file = file;
        this.known = new TreeMap<>(known);
    }

    /** Reads the file; there is none before the first run. */
    public static Positions load(Path file) throws IOException {
        return new Positions(
                file,
                Files.exists(file)
                        ? JSON.readValue(file.toFile(), new TypeReference<>() {})
                        : Map.of());
    }

    public Optional<FilePosition> of(String source) {
        return Optional.ofNullable(known.get(source));
    }

    public void put(String source, FilePosition position) {
        changed |= !position.equals(known.put(source, position));
    }

    /** Writes the file when something has changed. */
    public void save() throws IOException {
        if (changed) {
            AtomicFile.write(file, JSON.writeValueAsString(known));
            changed = false;
        }
    }
}
