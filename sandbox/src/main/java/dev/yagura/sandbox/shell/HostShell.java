package dev.yagura.sandbox.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shell that stands for a host.
 *
 * @param directory where its scripts start, their home, and what YAGURA_STATE_DIR and
 *     YAGURA_ROOT_DIR name
 * @param process whose network and mount namespaces its scripts have; null for those of the sandbox
 */
public record HostShell(String instanceId, String region, Path directory, @Nullable Long process) {
    private static final String PATH =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public HostShell {
        if (!directory.isAbsolute() || !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(
                    "directory must be the absolute path of a folder that exists: " + directory);
        }
    }

    /** Nothing of the sandbox's own environment is in it. */
    Map<String, String> environment() {
        return Map.of(
                "PATH",
                PATH,
                "HOME",
                directory.toString(),
                "AWS_SSM_INSTANCE_ID",
                instanceId,
                "AWS_SSM_REGION_NAME",
                region,
                "AWS_SSM_PLATFORM_TYPE",
                "Linux",
                "YAGURA_STATE_DIR",
                directory.toString(),
                "YAGURA_ROOT_DIR",
                directory.toString());
    }

    /** What puts a script into the host's namespaces; empty if it has none of its own. */
    List<String> entrance(Path workingDirectory) {
        return process == null
                ? List.of()
                : List.of(
                        "/usr/bin/nsenter",
                        "--target",
                        process.toString(),
                        "--net",
                        "--mount",
                        "--wd=" + workingDirectory);
    }

    /** A script's own working directory counts from the host's. */
    Path workingDirectory(String asked) {
        return directory.resolve(asked);
    }
}
