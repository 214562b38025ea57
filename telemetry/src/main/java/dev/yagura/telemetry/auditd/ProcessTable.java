package dev.yagura.telemetry.auditd;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Processes by pid, so that an event can name its parent. The first parent that was seen stays: the
 * kernel says 1 once the parent has ended. Without records of forks and exits, a pid is taken for
 * reused when its parent is another one than before (and not 1). The process used longest ago is
 * forgotten when the table is full.
 */
final class ProcessTable {
    static final int MOST_PROCESSES = 8192;
    private static final int INIT = 1;
    private static final int LONGEST_COMMAND_LINE = 4096;

    private final String bootId;
    private final Map<Integer, KnownProcess> byPid =
            new LinkedHashMap<>(256, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, KnownProcess> eldest) {
                    return size() > MOST_PROCESSES;
                }
            };

    /**
     * What a record says about a process.
     *
     * @param parentPid 0 when the record does not say
     */
    record Sighting(int pid, int parentPid, long timeNanos, String path, String commandLine) {
        Sighting {
            commandLine =
                    commandLine.substring(0, Math.min(commandLine.length(), LONGEST_COMMAND_LINE));
        }
    }

    ProcessTable(String bootId) {
        this.bootId = bootId;
    }

    /** The process has a new image from now on. */
    KnownProcess executed(Sighting sighting) {
        KnownProcess before = byPid.get(sighting.pid());
        KnownProcess process =
                before != null && continues(before, sighting)
                        ? adopted(before, sighting)
                        : begun(sighting);
        return store(process.withImage(sighting.path(), sighting.commandLine()));
    }

    /** The process did something; a fork that never executed has the image of its parent. */
    KnownProcess acted(Sighting sighting) {
        KnownProcess before = byPid.get(sighting.pid());
        if (before != null
                && (continues(before, sighting) || before.path().equals(sighting.path()))) {
            KnownProcess adopted = adopted(before, sighting);
            return store(adopted.path().isEmpty() ? imageOf(adopted, sighting) : adopted);
        }
        return store(imageOf(begun(sighting), sighting));
    }

    /** A fork was recorded: the child runs its parent's image. */
    void forked(int childPid, KnownProcess parent, long timeNanos) {
        Sighting child =
                new Sighting(
                        childPid, parent.pid(), timeNanos, parent.path(), parent.commandLine());
        store(begun(child).withImage(parent.path(), parent.commandLine()));
    }

    void exited(int pid) {
        byPid.remove(pid);
    }

    Optional<KnownProcess> find(int pid) {
        return Optional.ofNullable(byPid.get(pid));
    }

    private static boolean continues(KnownProcess before, Sighting now) {
        return before.parentPid() == 0
                || now.parentPid() == 0
                || now.parentPid() == INIT
                || now.parentPid() == before.parentPid();
    }

    private KnownProcess adopted(KnownProcess before, Sighting now) {
        KnownProcess parent = before.parentPid() == 0 ? parent(now) : null;
        return parent == null ? before : before.withParent(parent);
    }

    private KnownProcess begun(Sighting sighting) {
        KnownProcess process =
                new KnownProcess(
                        uid(sighting.pid(), sighting.timeNanos()),
                        sighting.pid(),
                        sighting.timeNanos(),
                        "",
                        "",
                        "",
                        0,
                        "",
                        "");
        KnownProcess parent = parent(sighting);
        return parent == null ? process : process.withParent(parent);
    }

    private @Nullable KnownProcess parent(Sighting sighting) {
        int pid = sighting.parentPid();
        if (pid == 0 || pid == sighting.pid()) {
            return null;
        }
        KnownProcess known = byPid.get(pid);
        return known != null
                ? known
                : store(
                        new KnownProcess(
                                uid(pid, sighting.timeNanos()),
                                pid,
                                sighting.timeNanos(),
                                "",
                                "",
                                "",
                                0,
                                "",
                                ""));
    }

    private static KnownProcess imageOf(KnownProcess process, Sighting sighting) {
        boolean inherited =
                !sighting.path().isEmpty() && sighting.path().equals(process.parentPath());
        return process.withImage(
                sighting.path(), inherited ? process.parentCommandLine() : sighting.commandLine());
    }

    private KnownProcess store(KnownProcess process) {
        byPid.put(process.pid(), process);
        return process;
    }

    private String uid(int pid, long startNanos) {
        return "auditd:" + bootId + ":" + startNanos + ":" + pid;
    }
}
