package dev.yagura.response;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Processes of this machine, as the kernel tells of them. */
public final class Processes {
    private Processes() {}

    /** A zombie is gone: its parent has not asked yet. */
    public static boolean isGone(long pid) {
        return state(pid) == 'Z';
    }

    /** "S" for one that sleeps, "T" for one that is stopped, "Z" for one that ended. */
    public static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (NoSuchFileException e) {
            return 'Z';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
