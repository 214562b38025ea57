package dev.yagura.agent.enrollment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.spool.AtomicFile;
import dev.yagura.common.tls.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that an agent keeps on its host. */
public record StateFolder(Path path) {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Makes the folder, for its owner only. */
    public void create() {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "--state: cannot make the folder "
                            + path
                            + " ("
                            + e.getMessage()
                            + "): give one that this user may write",
                    e);
        }
    }

    public boolean isEnrolled() {
        return Files.exists(identityFile()) && Files.exists(certificate()) && Files.exists(key());
    }

    /** Who the agent is; fails with the remedy when it is not enrolled. */
    public AgentIdentity identity() {
        if (!isEnrolled()) {
            throw new AgentFailure(
                    AgentFailure.Kind.NOT_FOUND,
                    "no enrolled agent in "
                            + path
                            + ": run `enroll --gateway HOST:PORT --ca FILE --token-file FILE --state "
                            + path
                            + "` first");
        }
        try {
            return JSON.readValue(identityFile().toFile(), AgentIdentity.class);
        } catch (JsonProcessingException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    identityFile() + " is damaged: remove it and enroll again",
                    e);
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot read " + identityFile() + ": run as the user that enrolled",
                    e);
        }
    }

    /** The instance that it was copied from: another one than the given; empty if it is none. */
    public Optional<String> copiedFrom(String instanceId) {
        if (instanceId.isEmpty() || !Files.exists(identityFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(identityFile().toFile(), AgentIdentity.class))
                    .map(AgentIdentity::instanceId)
                    .filter(before -> !before.isEmpty() && !before.equals(instanceId));
        } catch (IOException e) {
            return Optional.empty(); // identity() says what is wrong with it
        }
    }

    void write(AgentIdentity identity) throws IOException {
        AtomicFile.write(identityFile(), JSON.writeValueAsString(identity) + "\n");
    }

    /** Certificate, key and authority for mutual TLS. */
    public TlsFiles tls() {
        return new TlsFiles(certificate(), key(), List.of(authority()));
    }

    public Path spool() {
        return path.resolve("spool");
    }

    public Path rejected() {
        return path.resolve("rejected");
    }

    /** Commands of svc-response, and their results. */
    public Path commands() {
        return path.resolve("commands");
    }

    public Path positions() {
        return path.resolve("positions.json");
    }

    public Path status() {
        return path.resolve("status.json");
    }

    public Path certificate() {
        return path.resolve("agent.pem");
    }

    Path key() {
        return path.resolve("agent.key");
    }

    Path publicKey() {
        return path.resolve("agent.pub");
    }

    /** The next enrolment makes a new key. */
    void forgetKey() throws IOException {
        Files.deleteIfExists(certificate());
        Files.deleteIfExists(key());
    }

    /**
     * The folder came with a copied disk: what the host before left unsent is its own to send, its
     * commands are its own to do. Positions stay, for the logs were copied too. Who it was goes
     * last, so that a second try after an interruption still knows.
     */
    void forgetHost() throws IOException {
        for (Path folder : List.of(spool(), rejected(), commands())) {
            deleteAll(folder);
        }
        Files.deleteIfExists(status());
        forgetKey();
        Files.deleteIfExists(publicKey());
        Files.deleteIfExists(identityFile());
    }

    private static void deleteAll(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> found;
        try (Stream<Path> all = Files.walk(folder)) {
            found = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : found) {
            Files.delete(each);
        }
    }

    Path authority() {
        return path.resolve("ca.pem");
    }

    private Path identityFile() {
        return path.resolve("agent.json");
    }
}
