package dev.yagura.detection.process;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Processes of one host, the ones used longest ago forgotten first, and the files they wrote. Used
 * by one thread.
 */
public final class HostProcesses {
    private static final int PROCESS_ACTIVITY = 1007;
    private static final int FILE_ACTIVITY = 1001;
    private static final int LAUNCH = 1;
    private static final Set<Integer> WRITES = Set.of(1, 3, 5);
    private static final int MAX_DEPTH = 32;
    private static final List<String> SCHEDULES = List.of("/etc/cron", "/var/spool/cron");

    private final int maxProcesses;
    private final LinkedHashMap<String, ProcessFacts> processes = new LinkedHashMap<>();
    private final Map<Integer, String> uidByPid = new HashMap<>();
    private final LinkedHashMap<String, FileWrite> writes = new LinkedHashMap<>();
    private boolean changed;

    /**
     * An empty table.
     *
     * @param maxProcesses kept at most; as many files
     */
    public HostProcesses(int maxProcesses) {
        this.maxProcesses = maxProcesses;
    }

    /**
     * Takes in one event.
     *
     * @param timeNs of the event, corrected
     * @param clockOffsetNs added to start times of processes
     */
    public void observe(Event event, long timeNs, long clockOffsetNs) {
        if (event.hasActor()) {
            actor(event.getActor(), clockOffsetNs);
        }
        if (event.getClassUid() == PROCESS_ACTIVITY && event.getActivityId() == LAUNCH) {
            launched(event, timeNs, clockOffsetNs);
        } else if (event.getClassUid() == FILE_ACTIVITY
                && WRITES.contains(event.getActivityId())
                && !event.getFile().getPath().isEmpty()
                && !event.getActor().getUid().isEmpty()) {
            wrote(new FileWrite(event.getFile().getPath(), event.getActor().getUid(), timeNs));
        }
    }

    /** The chain of the process that an event is about: the launched one, or the one that acted. */
    public Lineage lineage(Event event) {
        Process subject = subject(event);
        @Nullable ProcessFacts self = processes.get(subject.getUid());
        return self == null ? Lineage.NONE : lineage(self);
    }

    /** The process that an event is about. */
    public static Process subject(Event event) {
        return event.getClassUid() == PROCESS_ACTIVITY && event.hasProcess()
                ? event.getProcess()
                : event.getActor();
    }

    private void actor(Process actor, long clockOffsetNs) {
        if (actor.getUid().isEmpty()) {
            return;
        }
        @Nullable ProcessFacts known = processes.get(actor.getUid());
        if (known == null || known.path().isEmpty()) {
            parentOf(actor);
            put(
                    ProcessFacts.of(
                            actor,
                            actor.getParentUid(),
                            actor.getParentPid(),
                            started(actor, 0, clockOffsetNs)));
        } else {
            processes.putLast(known.uid(), known);
        }
    }

    private void launched(Event event, long timeNs, long clockOffsetNs) {
        Process process = event.getProcess();
        if (process.getUid().isEmpty()) {
            return;
        }
        boolean actorIsParent =
                !event.getActor().getUid().isEmpty()
                        && !event.getActor().getUid().equals(process.getUid());
        String parentUid =
                process.getParentUid().isEmpty() && actorIsParent
                        ? event.getActor().getUid()
                        : process.getParentUid();
        int parentPid =
                process.getParentPid() == 0 && actorIsParent
                        ? event.getActor().getPid()
                        : process.getParentPid();
        @Nullable ProcessFacts before = processes.get(process.getUid());
        if (before != null && !before.parentUid().isEmpty()) {
            // The process replaced its image: the first parent seen stays.
            parentUid = before.parentUid();
            parentPid = before.parentPid();
        }
        parentOf(process);
        put(
                ProcessFacts.of(
                        process, parentUid, parentPid, started(process, timeNs, clockOffsetNs)));
    }

    private void parentOf(Process process) {
        if (!process.getParentUid().isEmpty() && !processes.containsKey(process.getParentUid())) {
            put(ProcessFacts.ofParent(process));
        }
    }

    private static long started(Process process, long otherwise, long clockOffsetNs) {
        return process.getStartTimeNs() == 0 ? otherwise : process.getStartTimeNs() + clockOffsetNs;
    }

    private void put(ProcessFacts process) {
        changed = true;
        processes.putLast(process.uid(), process);
        uidByPid.put(process.pid(), process.uid());
        if (processes.size() > maxProcesses) {
            ProcessFacts oldest = processes.pollFirstEntry().getValue();
            uidByPid.remove(oldest.pid(), oldest.uid());
        }
    }

    private void wrote(FileWrite write) {
        changed = true;
        writes.putLast(write.path(), write);
        if (writes.size() > maxProcesses) {
            writes.pollFirstEntry();
        }
    }

    private Lineage lineage(ProcessFacts self) {
        List<ProcessFacts> chain = chain(self);
        int own = 0;
        while (own < chain.size() && !SharedProcesses.isShared(chain.get(own))) {
            own++;
        }
        boolean scheduled = own < chain.size() && SharedProcesses.isScheduler(chain.get(own));
        return new Lineage(chain, own, origins(chain.subList(0, own), scheduled));
    }

    private List<ProcessFacts> chain(ProcessFacts self) {
        List<ProcessFacts> chain = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        @Nullable ProcessFacts next = self;
        while (next != null && chain.size() < MAX_DEPTH && seen.add(next.uid())) {
            chain.add(next);
            next = parent(next).orElse(null);
        }
        return chain;
    }

    private Optional<ProcessFacts> parent(ProcessFacts child) {
        if (!child.parentUid().isEmpty()) {
            return Optional.ofNullable(processes.get(child.parentUid()));
        }
        // Known by its pid only: a later process with the same pid is another one.
        return child.parentPid() == 0
                ? Optional.empty()
                : Optional.ofNullable(uidByPid.get(child.parentPid()))
                        .map(processes::get)
                        .filter(parent -> parent.startNs() <= child.startNs());
    }

    private List<Origin> origins(List<ProcessFacts> own, boolean scheduled) {
        if (writes.isEmpty()) {
            return List.of();
        }
        List<Origin> origins = new ArrayList<>();
        Set<String> ownUids = new HashSet<>();
        own.forEach(process -> ownUids.add(process.uid()));
        for (ProcessFacts runner : own) {
            for (String file : ExecutedFiles.of(runner)) {
                written(file)
                        .or(() -> scheduled ? scheduledBy(file) : Optional.empty())
                        .flatMap(write -> origin(write, file, runner))
                        .filter(origin -> isOfAnotherTree(origin, ownUids))
                        .ifPresent(origins::add);
            }
        }
        return origins;
    }

    private Optional<FileWrite> written(String file) {
        return Optional.ofNullable(writes.get(file));
    }

    /** A schedule whose writer named the command. */
    private Optional<FileWrite> scheduledBy(String command) {
        return writes.values().stream()
                .filter(write -> SCHEDULES.stream().anyMatch(write.path()::startsWith))
                .filter(write -> {
                    @Nullable ProcessFacts writer = processes.get(write.writerUid());
                    return writer != null && writer.commandLine().contains(command);
                })
                .reduce((first, second) -> second);
    }

    private Optional<Origin> origin(FileWrite write, String file, ProcessFacts runner) {
        @Nullable ProcessFacts writer = processes.get(write.writerUid());
        if (writer == null) {
            return Optional.empty();
        }
        List<ProcessFacts> chain =
                chain(writer).stream().takeWhile(one -> !SharedProcesses.isShared(one)).toList();
        return chain.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Origin(
                                write.path(),
                                runner,
                                chain,
                                write.timeNs(),
                                !write.path().equals(file)));
    }

    private static boolean isOfAnotherTree(Origin origin, Set<String> ownUids) {
        return origin.writer().stream().noneMatch(writer -> ownUids.contains(writer.uid()));
    }

    int maxProcesses() {
        return maxProcesses;
    }

    Stream<ProcessFacts> processes() {
        return processes.values().stream();
    }

    Stream<FileWrite> writes() {
        return writes.values().stream();
    }

    void restore(Iterator<ProcessFacts> facts, Iterator<FileWrite> files) {
        facts.forEachRemaining(this::put);
        files.forEachRemaining(this::wrote);
        changed = false;
    }

    /** True when something changed since the last time this was asked. */
    public boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }
}
