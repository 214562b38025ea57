package dev.yagura.telemetry.auditd;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.File;
import dev.yagura.telemetry.event.EventClass;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** System calls on files. Which activity it is, is told by the kinds of the PATH items first. */
final class FileCalls {
    private static final int AT_FDCWD = -100;
    private static final int ACCESS_MODE = 0b11; // O_WRONLY, O_RDWR
    private static final int TRUNCATE = 0x200; // O_TRUNC
    private static final int MODE_BITS = 0xfff;

    private static final Set<String> RENAMES = Set.of("rename", "renameat", "renameat2");
    private static final Set<String> OPENS = Set.of("open", "openat", "openat2");
    private static final Set<String> UPDATES = Set.of("creat", "truncate", "ftruncate");
    private static final Set<String> MODES = Set.of("chmod", "fchmod", "fchmodat", "fchmodat2");
    private static final Set<String> ATTRIBUTES =
            Set.of(
                    "chown",
                    "fchown",
                    "lchown",
                    "fchownat",
                    "setxattr",
                    "lsetxattr",
                    "fsetxattr",
                    "removexattr",
                    "lremovexattr",
                    "fremovexattr",
                    "utime",
                    "utimes",
                    "futimesat",
                    "utimensat");

    private FileCalls() {}

    /** Of class 1001; a base event when the call did nothing to a file or failed. */
    static Event.Builder map(String call, AuditEvent audit, AuditRecord syscall) {
        if (!AuditEventMapper.succeeded(syscall)) {
            return Event.newBuilder();
        }
        Optional<AuditRecord> created = item(audit, "CREATE");
        Optional<AuditRecord> deleted = item(audit, "DELETE");
        Resolver paths = new Resolver(call, audit, syscall);
        if (RENAMES.contains(call) && created.isPresent()) {
            return rename(audit, paths, created.get());
        }
        if (created.isPresent()) {
            return event(EventClass.FILE_CREATE, file(paths, created.get()));
        }
        if (deleted.isPresent()) {
            return event(EventClass.FILE_DELETE, file(paths, deleted.get()));
        }
        return item(audit, "NORMAL")
                .flatMap(item -> existing(call, syscall, file(paths, item)))
                .orElseGet(Event::newBuilder);
    }

    private static Optional<Event.Builder> existing(
            String call, AuditRecord syscall, File.Builder file) {
        if (OPENS.contains(call)) {
            return Optional.of(
                    event(
                            writes(call, syscall) ? EventClass.FILE_UPDATE : EventClass.FILE_READ,
                            file));
        }
        if (UPDATES.contains(call)) {
            return Optional.of(event(EventClass.FILE_UPDATE, file));
        }
        if (MODES.contains(call)) {
            String argument = call.startsWith("fchmodat") ? "a2" : "a1";
            return Optional.of(
                    event(
                            EventClass.FILE_SET_ATTRIBUTES,
                            file.setMode((int) syscall.argument(argument) & MODE_BITS)));
        }
        return ATTRIBUTES.contains(call)
                ? Optional.of(event(EventClass.FILE_SET_ATTRIBUTES, file))
                : Optional.empty();
    }

    private static Event.Builder rename(AuditEvent audit, Resolver paths, AuditRecord created) {
        String target = paths.resolve(created);
        String previous =
                audit.all("PATH").stream()
                        .filter(item -> item.text("nametype").equals("DELETE"))
                        .map(paths::resolve)
                        .filter(path -> !path.equals(target))
                        .findFirst()
                        .orElse("");
        return event(EventClass.FILE_RENAME, file(paths, created).setPreviousPath(previous));
    }

    private static Event.Builder event(int activity, File.Builder file) {
        return Event.newBuilder()
                .setClassUid(EventClass.FILE)
                .setActivityId(activity)
                .setFile(file);
    }

    private static File.Builder file(Resolver paths, AuditRecord item) {
        return File.newBuilder().setPath(paths.resolve(item)).setMode(mode(item));
    }

    private static int mode(AuditRecord item) {
        try {
            return Integer.parseInt(item.text("mode"), 8) & MODE_BITS;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean writes(String call, AuditRecord syscall) {
        long flags =
                switch (call) {
                    case "open" -> syscall.argument("a1");
                    case "openat" -> syscall.argument("a2");
                    default -> 0; // openat2 has them in a struct, which audit does not show here
                };
        return (flags & (ACCESS_MODE | TRUNCATE)) != 0;
    }

    /**
     * On an overlay file system creation adds items without a name: one with a name is preferred.
     */
    private static Optional<AuditRecord> item(AuditEvent audit, String kind) {
        List<AuditRecord> items =
                audit.all("PATH").stream()
                        .filter(item -> item.text("nametype").equals(kind))
                        .toList();
        return items.stream()
                .filter(item -> !item.text("name").isEmpty())
                .findFirst()
                .or(() -> items.stream().findFirst());
    }

    /** Makes names absolute; a name relative to an open directory only when its PARENT item is. */
    private record Resolver(String call, AuditEvent audit, AuditRecord syscall) {
        String resolve(AuditRecord item) {
            String name = item.text("name");
            if (name.isEmpty() || name.startsWith("/")) {
                return name;
            }
            boolean ofDirectory =
                    (call.endsWith("at") || call.endsWith("at2"))
                            && (int) syscall.argument("a0") != AT_FDCWD;
            String base = ofDirectory ? parentItem() : audit.workingDirectory();
            if (base.isEmpty()) {
                return name;
            }
            try {
                Path relative = ofDirectory ? Path.of(name).getFileName() : Path.of(name);
                return Path.of(base).resolve(relative).normalize().toString();
            } catch (InvalidPathException e) {
                return name;
            }
        }

        private String parentItem() {
            return item(audit, "PARENT")
                    .map(item -> item.text("name"))
                    .filter(name -> name.startsWith("/"))
                    .orElse("");
        }
    }
}
