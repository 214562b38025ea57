package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Unpacked embedded binaries, once for a user and version: {@code ~/.cache/yagura/{name}}, for root
 * {@code /var/cache/yagura/{name}}.
 */
final class BinaryCache {

    /** Fills an empty folder. */
    @FunctionalInterface
    interface Unpacker {
        void unpackInto(Path folder) throws IOException;
    }

    private BinaryCache() {}

    /** The folder of this name; unpacked at the first call, by any number of processes at once. */
    static Path folder(String name, Unpacker unpacker) throws IOException {
        Path folder = root().resolve(name);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Files.createDirectories(root());
        Path unpacked = Files.createTempDirectory(root(), name + ".");
        try {
            unpacker.unpackInto(unpacked);
            // Also for the user that a server of root runs as.
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e; // else another process was faster
            }
        } finally {
            delete(unpacked);
        }
        return folder;
    }

    /** Removes a folder and everything in it, if it is there. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }

    private static Path root() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElseGet(() ->
                        System.getProperty("user.name").equals("root")
                                ? Path.of("/var/cache")
                                : Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("yagura");
    }
}
