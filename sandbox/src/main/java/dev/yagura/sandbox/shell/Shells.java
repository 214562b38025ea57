package dev.yagura.sandbox.shell;

import dev.yagura.sandbox.document.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which hosts of a cloud stand on this machine. */
public final class Shells {
    private final String region;
    private final @Nullable Scripts scripts;
    private final Map<String, HostShell> hosts = new HashMap<>();

    /**
     * @param scripts null if none may run
     */
    public Shells(String region, @Nullable Scripts scripts) {
        this.region = region;
        this.scripts = scripts;
    }

    /**
     * Lets scripts of a host run on this machine.
     *
     * @param process whose network and mount namespaces they have; null for those of the sandbox
     * @throws IllegalArgumentException if that was not allowed, or the directory is none
     */
    public void open(String instanceId, Path directory, @Nullable Long process) {
        if (scripts == null) {
            throw new IllegalArgumentException(
                    "this sandbox runs no scripts: start it with --run-scripts");
        }
        hosts.put(instanceId, new HostShell(instanceId, region, directory, process));
    }

    /** Scripts that run now go on. */
    public void close(String instanceId) {
        hosts.remove(instanceId);
    }

    public boolean has(String instanceId) {
        return hosts.containsKey(instanceId);
    }

    /**
     * Starts a script on a host that {@link #has} a shell.
     *
     * @throws IOException if it cannot be started
     */
    public RunningScript start(String instanceId, Script script) throws IOException {
        HostShell host = hosts.get(instanceId);
        if (host == null || scripts == null) {
            throw new IllegalStateException("no shell for " + instanceId);
        }
        return scripts.start(host, script);
    }
}
