package dev.yagura.testkit.process;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Programs of PostgreSQL.
 *
 * @param bin folder with initdb and postgres
 * @param majorVersion for example 18
 */
public record PostgresBinaries(Path bin, int majorVersion) {
    /** Oldest version whose SQL we use. */
    private static final int OLDEST = 15;

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** An installed server that is new enough, else the embedded one. */
    public static PostgresBinaries find() throws IOException {
        Optional<PostgresBinaries> installed = installed();
        return installed.isPresent() ? installed.get() : embedded();
    }

    /** The programs that can open existing data, else {@link #find()}. */
    public static PostgresBinaries findFor(Path dataDirectory) throws IOException {
        Path versionFile = dataDirectory.resolve("PG_VERSION");
        if (!Files.exists(versionFile)) {
            return find();
        }
        int version = Integer.parseInt(Files.readString(versionFile).strip());
        Optional<PostgresBinaries> installed =
                installed().filter(found -> found.majorVersion() == version);
        PostgresBinaries binaries = installed.isPresent() ? installed.get() : embedded();
        if (binaries.majorVersion() != version) {
            throw new IOException(
                    "%s was written by PostgreSQL %d, which is not installed; install it, or move the folder away to start anew"
                            .formatted(dataDirectory, version));
        }
        return binaries;
    }

    /** From the PATH or, as Debian installs it, below /usr/lib/postgresql. */
    public static Optional<PostgresBinaries> installed() throws IOException {
        Optional<Path> onPath = Commands.onPath("postgres");
        if (onPath.isPresent()) {
            Path bin = onPath.get().toRealPath().getParent();
            return bin == null ? Optional.empty() : usable(bin);
        }
        for (int version = 30; version >= OLDEST; version--) {
            Path bin = Path.of("/usr/lib/postgresql/" + version + "/bin");
            if (Files.isExecutable(bin.resolve("postgres"))) {
                return usable(bin);
            }
        }
        return Optional.empty();
    }

    private static Optional<PostgresBinaries> usable(Path bin) throws IOException {
        return Files.isExecutable(bin.resolve("initdb"))
                ? Optional.of(new PostgresBinaries(bin, version(bin)))
                        .filter(found -> found.majorVersion() >= OLDEST)
                : Optional.empty();
    }

    /** From the binaries of Maven Central, unpacked once. */
    public static PostgresBinaries embedded() throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
        String machine =
                switch (System.getProperty("os.arch")) {
                    case "amd64" -> "x86_64";
                    case "aarch64" -> system.equals("Darwin") ? "arm_64" : "arm64v8";
                    default -> System.getProperty("os.arch");
                };
        Path folder =
                BinaryCache.folder(
                        "postgres-" + machine + "-" + Long.toHexString(checksum(system, machine)),
                        into -> unpack(system, machine, into));
        Path bin = folder.resolve("bin");
        return new PostgresBinaries(bin, version(bin));
    }

    private static int version(Path bin) throws IOException {
        String text = Commands.run(List.of(bin.resolve("postgres").toString(), "--version"));
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.find()) {
            throw new IOException("cannot read the version of PostgreSQL from: " + text);
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static long checksum(String system, String machine) throws IOException {
        CRC32 checksum = new CRC32();
        try (InputStream archive = new CheckedInputStream(archive(system, machine), checksum)) {
            archive.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return checksum.getValue();
    }

    private static InputStream archive(String system, String machine) throws IOException {
        return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    }

    private static void unpack(String system, String machine, Path into) throws IOException {
        try (TarArchiveInputStream archive =
                new TarArchiveInputStream(
                        new XZCompressorInputStream(
                                new BufferedInputStream(archive(system, machine))),
                        StandardCharsets.UTF_8.name())) {
            for (TarArchiveEntry entry = archive.getNextEntry();
                    entry != null;
                    entry = archive.getNextEntry()) {
                unpack(archive, entry, into);
            }
        }
    }

    private static void unpack(TarArchiveInputStream archive, TarArchiveEntry entry, Path into)
            throws IOException {
        Path path = into.resolve(entry.getName()).normalize();
        if (!path.startsWith(into)) {
            throw new IOException(
                    "the archive of PostgreSQL leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(java.util.Objects.requireNonNull(path.getParent()));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
            Files.copy(archive, path);
            boolean executable = (entry.getMode() & 0100) != 0;
            Files.setPosixFilePermissions(
                    path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }
}
