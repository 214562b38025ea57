package dev.yagura.agent.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.agent.spool.AtomicFile;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.AgentCommandResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Commands that this host has taken, a small file each, by run id: until its result is
 * acknowledged, and until a copy of the command would have expired.
 */
final class CommandLedger {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SUFFIX = ".json";
    private static final int MOST = 256;

    /** Clocks differ. */
    private static final Duration KEPT_AFTER_EXPIRY = Duration.ofMinutes(10);

    private final Path folder;
    private final Clock clock;
    private final Map<String, Entry> entries = new TreeMap<>();

    /**
     * As it is on disk.
     *
     * @param sha256 of the command's bytes
     * @param expires when the command does, seconds since 1970
     * @param command its bytes, until there is a result: it may hold secrets
     * @param result its bytes; empty before
     */
    record Entry(
            String runId,
            String sha256,
            long expires,
            byte[] command,
            byte[] result,
            boolean acknowledged) {
        boolean lacksResult() {
            return result.length == 0;
        }

        AgentCommandResult answer() {
            try {
                return AgentCommandResult.parseFrom(result);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("a result of this agent is damaged", e);
            }
        }
    }

    private CommandLedger(Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** Reads what an earlier process has left; a file that cannot be read is set aside. */
    static CommandLedger open(Path folder, Clock clock) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        CommandLedger ledger = new CommandLedger(folder, clock);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).toList()) {
                ledger.read(file);
            }
        }
        return ledger;
    }

    private void read(Path file) throws IOException {
        try {
            Entry entry = JSON.readValue(file.toFile(), Entry.class);
            entries.put(entry.runId(), entry);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".damaged"));
        }
    }

    synchronized Optional<Entry> find(String runId) {
        return Optional.ofNullable(entries.get(runId));
    }

    /**
     * Writes a command down before anything of it is done.
     *
     * @throws RefusedCommandException there is no room for its result
     */
    synchronized void taken(AgentCommand command, ByteString bytes) throws RefusedCommandException {
        clean();
        if (entries.size() >= MOST) {
            throw new RefusedCommandException(
                    "this agent keeps " + MOST + " results that nobody has acknowledged");
        }
        try {
            write(
                    new Entry(
                            command.getRunId(),
                            HostDocument.sha256(bytes.toByteArray()),
                            command.getExpireTime().getSeconds(),
                            bytes.toByteArray(),
                            new byte[0],
                            false));
        } catch (IOException e) {
            throw new RefusedCommandException(
                    "this agent cannot write to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Keeps a result until it is acknowledged. */
    synchronized void ended(AgentCommandResult result) throws IOException {
        Entry taken = entries.get(result.getRunId());
        if (taken != null) {
            write(
                    new Entry(
                            taken.runId(),
                            taken.sha256(),
                            taken.expires(),
                            new byte[0],
                            result.toByteArray(),
                            false));
        }
    }

    synchronized void acknowledged(String runId) throws IOException {
        Entry entry = entries.get(runId);
        if (entry != null && !entry.lacksResult()) {
            write(
                    new Entry(
                            runId,
                            entry.sha256(),
                            entry.expires(),
                            entry.command(),
                            entry.result(),
                            true));
        }
        clean();
    }

    /** Results that were not acknowledged. */
    synchronized List<AgentCommandResult> unacknowledged() {
        return entries.values().stream()
                .filter(each -> !each.lacksResult() && !each.acknowledged())
                .map(Entry::answer)
                .toList();
    }

    /** What was begun and has no result. */
    synchronized List<Entry> open() {
        return entries.values().stream().filter(Entry::lacksResult).toList();
    }

    private void write(Entry entry) throws IOException {
        AtomicFile.write(file(entry.runId()), JSON.writeValueAsString(entry) + "\n");
        entries.put(entry.runId(), entry);
    }

    private void clean() {
        Instant now = clock.instant();
        List<Entry> old = new ArrayList<>();
        for (Entry each : entries.values()) {
            Instant end = Instant.ofEpochSecond(each.expires()).plus(KEPT_AFTER_EXPIRY);
            if (each.acknowledged() && now.isAfter(end)) {
                old.add(each);
            }
        }
        for (Entry each : old) {
            try {
                Files.deleteIfExists(file(each.runId()));
                entries.remove(each.runId());
            } catch (IOException e) {
                // It stays, and counts; the next time may do better.
            }
        }
    }

    private Path file(String runId) {
        return folder.resolve(runId + SUFFIX);
    }
}
