package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL server as a child process, on loopback, with passwords. */
public final class PostgresServer extends ServerProcess {
    public static final String SUPERUSER = "postgres";
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration ORPHAN_LIMIT = Duration.ofSeconds(20);
    private static final int START_ATTEMPTS = 10;

    private final PostgresBinaries binaries;
    private final Options options;
    private final UnprivilegedCommand unprivileged;

    /**
     * How to run it.
     *
     * @param folder has "data" and "postgres.log"; made when missing
     * @param port of 127.0.0.1
     * @param password of the superuser "postgres"; fixed when the data is made
     * @param durable false does not wait for the disk: for tests only
     */
    public record Options(Path folder, int port, String password, boolean durable) {
        public Options {
            folder = folder.toAbsolutePath().normalize();
        }

        Path data() {
            return folder.resolve("data");
        }

        Path log() {
            return folder.resolve("postgres.log");
        }

        @Override
        public String toString() {
            return "PostgreSQL in " + folder + " on port " + port;
        }
    }

    public PostgresServer(PostgresBinaries binaries, Options options) throws IOException {
        this.binaries = binaries;
        this.options = options;
        Files.createDirectories(options.folder());
        this.unprivileged = UnprivilegedCommand.forOwnerOf(options.folder());
    }

    /** An installed or embedded server, one that can open the data of the folder. */
    public PostgresServer(Options options) throws IOException {
        this(PostgresBinaries.findFor(options.data()), options);
    }

    /** Makes the data if missing, clears what a crash left, starts, and waits until it serves. */
    public void start() throws IOException {
        if (!Files.exists(options.data().resolve("PG_VERSION"))) {
            initialize();
        }
        clearOrphan();
        Ports.requireFree("PostgreSQL", options.port());
        for (int attempt = 1; ; attempt++) {
            ChildProcess started =
                    ChildProcess.start(
                            "PostgreSQL", unprivileged.of(command()), "INT", options.log());
            try {
                started.awaitReady(this::answers, START_LIMIT);
                keep(started);
                return;
            } catch (IOException e) {
                // Workers of a killed server hold its shared memory for a moment.
                if (attempt == START_ATTEMPTS
                        || !String.valueOf(e.getMessage()).contains("shared memory block")) {
                    throw e;
                }
                pause();
            }
        }
    }

    public int port() {
        return options.port();
    }

    public int majorVersion() {
        return binaries.majorVersion();
    }

    /** "jdbc:postgresql://127.0.0.1:{port}/{database}" */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + options.port() + "/" + database;
    }

    /** A connection of the superuser. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                jdbcUrl(database) + "?connectTimeout=2&socketTimeout=60",
                SUPERUSER,
                options.password());
    }

    private boolean answers() throws SQLException {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(2);
        }
    }

    private List<String> command() {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("postgres"),
                                "-D",
                                options.data().toString(),
                                "-p",
                                Integer.toString(options.port()),
                                "-c",
                                "listen_addresses=127.0.0.1",
                                "-c",
                                "unix_socket_directories=",
                                "-c",
                                "max_connections=200",
                                "-c",
                                "shared_buffers=64MB"));
        if (!options.durable()) {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                command.addAll(List.of("-c", setting + "=off"));
            }
        }
        return command;
    }

    private void initialize() throws IOException {
        Path passwordFile = options.folder().resolve("initdb.password");
        Files.deleteIfExists(passwordFile);
        Files.createFile(
                passwordFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(passwordFile, options.password(), StandardCharsets.UTF_8);
        // A start that was cut in the middle leaves a folder without a version.
        BinaryCache.delete(options.data());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program("initdb"),
                                "--pgdata=" + options.data(),
                                "--username=" + SUPERUSER,
                                "--auth=scram-sha-256",
                                "--pwfile=" + passwordFile,
                                "--encoding=UTF8",
                                "--no-locale"));
        if (!options.durable()) {
            command.add("--no-sync");
        }
        try {
            unprivileged.own(options.folder());
            Commands.run(unprivileged.of(command));
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    /**
     * A server that was left over on this data is stopped; its file without a server is removed.
     */
    private void clearOrphan() throws IOException {
        Path pidFile = options.data().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        String firstLine = Files.readString(pidFile).lines().findFirst().orElse("");
        Optional<ProcessHandle> orphan =
                ProcessHandle.of(Long.parseLong(firstLine.strip())).filter(this::runsOnThisData);
        if (orphan.isEmpty()) {
            Files.deleteIfExists(pidFile);
            return;
        }
        long pid = orphan.get().pid();
        Commands.run(List.of("kill", "-INT", Long.toString(pid)));
        try {
            orphan.get().onExit().get(ORPHAN_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException
                | java.util.concurrent.TimeoutException e) {
            throw new IOException("PostgreSQL with process id " + pid + " does not stop", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping PostgreSQL", e);
        }
    }

    /** The process id of a stale file may belong to any process by now. */
    private boolean runsOnThisData(ProcessHandle handle) {
        String commandLine = handle.info().commandLine().orElse("");
        return commandLine.contains("postgres") && commandLine.contains(options.data().toString());
    }

    private String program(String name) {
        return binaries.bin().resolve(name).toString();
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting PostgreSQL", e);
        }
    }
}
