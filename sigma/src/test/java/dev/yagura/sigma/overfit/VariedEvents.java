package dev.yagura.sigma.overfit;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A recording as it would have been with a variation: where a process is named, as itself, as the
 * one that acted or as a parent, it is the varied one.
 */
final class VariedEvents {
    private final Variation.Choice choice;
    private final Map<Told, Command> commands = new HashMap<>();

    /** Sysmon tells only the path of the process that did something to a file or a host. */
    private final Map<String, Command> byPath = new HashMap<>();

    /** How a process is told in events that have no argument vector. */
    private record Told(String path, String line) {}

    private VariedEvents(Variation.Choice choice) {
        this.choice = choice;
    }

    /**
     * The recording with the intruder's own steps varied.
     *
     * @param steps ids of their records; other processes stay as they are
     */
    static List<Event> of(
            List<Event> events, Set<String> steps, Variation variation, SplittableRandom random) {
        VariedEvents varied = new VariedEvents(variation.choose(random));
        for (Event event : events) {
            if (steps.contains(event.getSourceRecordId())) {
                varied.learn(event.hasProcess() ? event.getProcess() : event.getActor());
            }
        }
        return events.stream().map(varied::event).toList();
    }

    /** On Windows there is no argument vector: the line is the one argument. */
    private void learn(Process process) {
        boolean windows = process.getPath().indexOf('\\') >= 0;
        if (process.getArgsCount() == 0 && !windows) {
            return;
        }
        List<String> args = windows ? List.of(process.getCmdLine()) : process.getArgsList();
        Command varied =
                commands.computeIfAbsent(
                        new Told(process.getPath(), process.getCmdLine()),
                        told -> choice.command().apply(new Command(told.path(), args)));
        if (windows) {
            byPath.putIfAbsent(process.getPath(), varied);
        }
    }

    private @Nullable Command command(String path, String line) {
        return line.isEmpty() && byPath.containsKey(path)
                ? new Command(byPath.get(path).path(), List.of(""))
                : commands.get(new Told(path, line));
    }

    private Event event(Event event) {
        Event.Builder out = event.toBuilder();
        if (event.hasProcess()) {
            out.setProcess(process(event.getProcess()));
        }
        if (event.hasActor()) {
            out.setActor(process(event.getActor()));
        }
        if (event.hasFile()) {
            File file = event.getFile();
            out.setFile(file.toBuilder().setPath(choice.file().apply(file.getPath())));
        }
        if (out.build().equals(event)) {
            return event;
        }
        renameUnmapped(out, event);
        return out.clearRawRecords().addAllRawRecords(raw(out, event)).build();
    }

    /** Windows events have paths and lines by their own names too. */
    private static void renameUnmapped(Event.Builder varied, Event event) {
        Map<String, String> changed = new HashMap<>();
        changed.put(event.getProcess().getPath(), varied.getProcess().getPath());
        changed.put(event.getProcess().getCmdLine(), varied.getProcess().getCmdLine());
        changed.put(event.getProcess().getParentPath(), varied.getProcess().getParentPath());
        changed.put(event.getProcess().getParentCmdLine(), varied.getProcess().getParentCmdLine());
        changed.put(event.getActor().getPath(), varied.getActor().getPath());
        changed.remove("");
        event.getUnmappedMap()
                .forEach((name, value) -> {
                    String other = changed.get(value);
                    if (other != null) {
                        varied.putUnmapped(name, other);
                    }
                });
    }

    private Process process(Process process) {
        Process.Builder out = process.toBuilder();
        Command command = command(process.getPath(), process.getCmdLine());
        if (command == null) {
            out.setCmdLine(choice.file().apply(process.getCmdLine()));
        } else {
            out.setPath(command.path()).setName(command.name()).setCmdLine(command.line());
            if (process.getArgsCount() > 0) {
                out.clearArgs().addAllArgs(command.args());
            }
        }
        Command parent = command(process.getParentPath(), process.getParentCmdLine());
        if (parent != null) {
            out.setParentPath(parent.path()).setParentCmdLine(parent.line());
        }
        return out.build();
    }

    /** The records below the event, as auditd would have written them. */
    private List<RawRecord> raw(Event.Builder varied, Event event) {
        Process process = varied.hasProcess() ? varied.getProcess() : varied.getActor();
        List<RawRecord> out = new ArrayList<>();
        for (RawRecord record : event.getRawRecordsList()) {
            Map<String, String> fields = new HashMap<>(record.getFieldsMap());
            switch (record.getType()) {
                case "EXECVE" -> {
                    fields.keySet().removeIf(name -> name.matches("a\\d+.*"));
                    fields.put("argc", String.valueOf(process.getArgsCount()));
                    for (int i = 0; i < process.getArgsCount(); i++) {
                        fields.put("a" + i, process.getArgs(i));
                    }
                }
                case "SYSCALL" -> {
                    fields.put("exe", process.getPath());
                    fields.put("comm", comm(process.getName()));
                }
                case "PATH" ->
                        fields.computeIfPresent("name", (key, name) -> path(name, event, process));
                case "PROCTITLE" -> fields.put("proctitle", process.getCmdLine());
                default -> {}
            }
            out.add(record.toBuilder().clearFields().putAllFields(fields).build());
        }
        return out;
    }

    private String path(String name, Event event, Process varied) {
        return name.equals(event.getProcess().getPath())
                ? varied.getPath()
                : choice.file().apply(name);
    }

    private static String comm(String name) {
        return name.substring(0, Math.min(name.length(), 15));
    }
}
