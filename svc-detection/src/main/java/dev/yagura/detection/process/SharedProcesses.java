package dev.yagura.detection.process;

import java.util.Set;

/**
 * Processes that start the work of many: descending from the same one says nothing. A tree that
 * belongs together ends below them.
 */
public final class SharedProcesses {
    private static final Set<String> NAMES =
            Set.of(
                    "systemd",
                    "init",
                    "sshd",
                    "sshd-session",
                    "sshd-auth",
                    "cron",
                    "crond",
                    "anacron",
                    "atd",
                    "login",
                    "supervisord",
                    "containerd",
                    "dockerd",
                    "kubelet",
                    "amazon-ssm-agent",
                    "ssm-agent-worker",
                    "ssm-session-worker",
                    "ssm-document-worker");

    private static final Set<String> SCHEDULERS = Set.of("cron", "crond", "anacron", "atd");

    /** init and the kernel's own process; 0 means unknown. */
    private static final int LAST_SYSTEM_PID = 2;

    private SharedProcesses() {}

    /** True when children of the process have no more in common than the host. */
    public static boolean isShared(int pid, String path) {
        return (pid > 0 && pid <= LAST_SYSTEM_PID)
                || NAMES.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    static boolean isShared(ProcessFacts process) {
        return isShared(process.pid(), process.path());
    }

    static boolean isScheduler(ProcessFacts process) {
        return SCHEDULERS.contains(process.name());
    }
}
