package dev.yagura.agent.spool;

import java.io.IOException;
import java.nio.file.Path;

/** Another process has the spool open. */
public final class SpoolInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    SpoolInUseException(Path path) {
        super("another agent uses " + path + ": stop it, or give this one a --state of its own");
    }
}
