package dev.yagura.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to run a program that refuses to run as root. For other users: as it is. For root: in a user
 * namespace without a mapping, where the process sees itself as nobody and the files as its own;
 * where namespaces are off: as nobody, who then owns the files.
 */
final class UnprivilegedCommand {
    private static final int ROOT = 0;
    private static final String NOBODY = "65534";

    private final List<String> prefix;
    private final boolean changesOwner;

    private UnprivilegedCommand(List<String> prefix, boolean changesOwner) {
        this.prefix = prefix;
        this.changesOwner = changesOwner;
    }

    /** For files made by this process, such as the folder. */
    static UnprivilegedCommand forOwnerOf(Path folder) throws IOException {
        if ((int) Files.getAttribute(folder, "unix:uid") != ROOT) {
            return new UnprivilegedCommand(List.of(), false);
        }
        if (Commands.succeeds(List.of("unshare", "--user", "true"))) {
            return new UnprivilegedCommand(List.of("unshare", "--user"), false);
        }
        List<String> asNobody =
                List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");
        List<String> look = new ArrayList<>(asNobody);
        look.addAll(List.of("test", "-x", folder.toString()));
        if (!Commands.succeeds(look)) {
            throw new IOException(
                    "PostgreSQL does not run as root, user namespaces are off, and nobody may not enter %s; run as another user"
                            .formatted(folder));
        }
        return new UnprivilegedCommand(asNobody, true);
    }

    List<String> of(List<String> command) {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return List.copyOf(whole);
    }

    /** Gives the folder and what is in it to the one who will run the commands. */
    void own(Path folder) throws IOException {
        if (changesOwner) {
            Commands.run(List.of("chown", "-R", NOBODY + ":" + NOBODY, folder.toString()));
        }
    }
}
