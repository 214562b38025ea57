package dev.yagura.agent.delivery;

import dev.yagura.proto.ingest.v1.TelemetryBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Batches that the log will never take, for people to look at; the newest few. */
public final class RejectedBatches {
    static final int MOST_BATCHES = 50;

    private final Path folder;

    public RejectedBatches(Path folder) {
        this.folder = folder;
    }

    /** Keeps "{sequence}.batch", a TelemetryBatch, and "{sequence}.reason". */
    public void add(TelemetryBatch batch, String reason) throws IOException {
        Files.createDirectories(folder);
        String name = "%020d".formatted(batch.getSequence());
        Files.write(folder.resolve(name + ".batch"), batch.toByteArray());
        Files.writeString(folder.resolve(name + ".reason"), reason + "\n");
        deleteOldest();
    }

    /** How many are kept. */
    public long count() throws IOException {
        return batches().size();
    }

    private void deleteOldest() throws IOException {
        List<Path> batches = batches();
        for (Path old : batches.subList(0, Math.max(0, batches.size() - MOST_BATCHES))) {
            Files.deleteIfExists(Path.of(old.toString().replaceFirst("batch$", "reason")));
            Files.deleteIfExists(old);
        }
    }

    private List<Path> batches() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".batch")).sorted().toList();
        }
    }
}
