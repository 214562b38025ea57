package dev.yagura.bench.load;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import dev.yagura.proto.telemetry.v1.User;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Launches of processes as a forwarder of auditd reports them on a busy web server: few programs,
 * much variety in arguments, process ids and times. Everything follows from the host and a seed.
 */
final class ProcessEvents {
    /** auditd's clock and serial numbers go on; pids wrap. */
    private static final int PIDS = 1 << 22;

    private static final long PARENT_AGE_NANOS = 3_600_000_000_000L;

    /** Ordinary work; a %s is a word that is new in each event. */
    private static final List<Program> PROGRAMS =
            List.of(
                    new Program("/usr/bin/php8.2", "php8.2 /srv/shop/artisan queue:work --job %s"),
                    new Program("/usr/bin/python3.11", "python3 -m shop.report --order %s --pdf"),
                    new Program("/usr/bin/git", "git -C /srv/shop cat-file blob %s"),
                    new Program("/usr/bin/gzip", "gzip -9 /var/log/shop/access-%s.log"),
                    new Program("/usr/bin/awk", "awk -F; {print$3} /srv/shop/export/%s.csv"),
                    new Program("/usr/bin/convert", "convert /srv/media/%s.png -resize 640 out"),
                    new Program("/usr/bin/date", "date --utc --iso-8601=ns --reference %s"),
                    new Program("/usr/sbin/logrotate", "logrotate --state /var/lib/logrotate/%s"),
                    new Program("/usr/bin/pg_dump", "pg_dump --schema tenant_%s --format custom"),
                    new Program("/usr/lib/postfix/sbin/smtp", "smtp -t unix -u -c -o id=%s"));

    private static final List<Program> PARENTS =
            List.of(
                    new Program("/usr/sbin/cron", "/usr/sbin/cron -f -P"),
                    new Program("/usr/sbin/php-fpm8.2", "php-fpm: pool www"),
                    new Program("/usr/lib/systemd/systemd", "/usr/lib/systemd/systemd --system"),
                    new Program("/usr/lib/postfix/sbin/master", "/usr/lib/postfix/sbin/master -w"));

    private static final User WEB = User.newBuilder().setUid("33").setName("www-data").build();

    private final String bootId;

    private record Program(String path, String commandLine) {
        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        Hashes hashes() {
            byte[] digest = new byte[32];
            new SplittableRandom(path.hashCode()).nextBytes(digest);
            return Hashes.newBuilder().setSha256(HexFormat.of().formatHex(digest)).build();
        }
    }

    ProcessEvents(String bootId) {
        this.bootId = bootId;
    }

    /** An ordinary launch. */
    Event launch(long seed, long timeNanos) {
        SplittableRandom random = new SplittableRandom(seed);
        Program program = PROGRAMS.get(random.nextInt(PROGRAMS.size()));
        String word = Long.toString(random.nextLong() >>> 1, Character.MAX_RADIX);
        String commandLine = program.commandLine().replace("%s", word);
        int pid = 2 + random.nextInt(PIDS);
        return launch(
                program,
                commandLine,
                uid(timeNanos, pid),
                pid,
                parent(random, timeNanos),
                timeNanos);
    }

    /**
     * A launch that {@link MarkerRule} matches.
     *
     * @param serial what tells it from other markers
     * @param process markers with the same number are of the same process and its same parent
     */
    Event marker(long serial, long process, long timeNanos) {
        Program program = new Program(MarkerRule.PROGRAM, MarkerRule.commandLine(serial));
        int pid = 2 + Math.floorMod(process, PIDS);
        Process parent =
                Process.newBuilder()
                        .setUid("auditd:" + bootId + ":marker-parent:" + process)
                        .setPid(1 + pid)
                        .setPath("/usr/sbin/cron")
                        .setCmdLine("/usr/sbin/cron -f -P")
                        .build();
        String uid = "auditd:" + bootId + ":marker:" + process;
        return launch(program, program.commandLine(), uid, pid, parent, timeNanos);
    }

    private Event launch(
            Program program,
            String commandLine,
            String uid,
            int pid,
            Process parent,
            long timeNanos) {
        Process process =
                Process.newBuilder()
                        .setUid(uid)
                        .setPid(pid)
                        .setStartTimeNs(timeNanos)
                        .setPath(program.path())
                        .setCmdLine(commandLine)
                        .addAllArgs(List.of(commandLine.split(" ")))
                        .setWorkingDirectory("/srv/shop")
                        .setName(program.name())
                        .setUser(WEB)
                        .setHashes(program.hashes())
                        .setParentUid(parent.getUid())
                        .setParentPid(parent.getPid())
                        .setParentPath(parent.getPath())
                        .setParentCmdLine(parent.getCmdLine())
                        .build();
        return Event.newBuilder()
                .setClassUid(1007)
                .setActivityId(1)
                .setTimeNs(timeNanos)
                .setObservedTimeNs(timeNanos + 3_000_000)
                .setSource("auditd")
                .setSourceRecordId(Long.toString(Math.floorMod(timeNanos / 1000, 100_000_000)))
                .setActor(parent)
                .setProcess(process)
                .setUser(WEB)
                .addAllRawRecords(rawRecords(process, timeNanos))
                .putUnmapped("key", "exec")
                .build();
    }

    /** auditd's own records of the launch, which rules on raw fields need. */
    private static List<RawRecord> rawRecords(Process process, long timeNanos) {
        SplittableRandom random = new SplittableRandom(timeNanos ^ process.getPid());
        RawRecord.Builder call =
                RawRecord.newBuilder()
                        .setType("SYSCALL")
                        .putFields("arch", "c000003e")
                        .putFields("syscall", "59")
                        .putFields("success", "yes")
                        .putFields("exit", "0")
                        .putFields("items", "2")
                        .putFields("pid", Integer.toString(process.getPid()))
                        .putFields("ppid", Integer.toString(process.getParentPid()))
                        .putFields("auid", "4294967295")
                        .putFields("uid", "33")
                        .putFields("tty", "(none)")
                        .putFields("comm", process.getName())
                        .putFields("exe", process.getPath());
        for (String argument : List.of("a0", "a1", "a2", "a3")) {
            // Addresses in the caller's memory.
            call.putFields(argument, Long.toHexString(random.nextLong(1L << 46)));
        }
        return List.of(
                call.build(),
                path(process.getPath(), random),
                path("/lib64/ld-linux-x86-64.so.2", random),
                RawRecord.newBuilder()
                        .setType("PROCTITLE")
                        .putFields(
                                "proctitle",
                                HexFormat.of()
                                        .withUpperCase()
                                        .formatHex(
                                                process.getCmdLine()
                                                        .replace(' ', '\0')
                                                        .getBytes(StandardCharsets.UTF_8)))
                        .build());
    }

    private static RawRecord path(String name, SplittableRandom random) {
        return RawRecord.newBuilder()
                .setType("PATH")
                .putFields("name", name)
                .putFields("nametype", "NORMAL")
                .putFields("inode", Integer.toString(random.nextInt(1 << 24)))
                .putFields("dev", "103:01")
                .putFields("mode", "0100755")
                .putFields("ouid", "0")
                .putFields("ogid", "0")
                .build();
    }

    private Process parent(SplittableRandom random, long timeNanos) {
        int index = random.nextInt(PARENTS.size());
        Program program = PARENTS.get(index);
        int pid = 400 + index;
        // Long-lived, so the same in every event of the host.
        long started = timeNanos - timeNanos % PARENT_AGE_NANOS - PARENT_AGE_NANOS;
        return Process.newBuilder()
                .setUid(uid(started, pid))
                .setPid(pid)
                .setPath(program.path())
                .setCmdLine(program.commandLine())
                .setUser(WEB)
                .build();
    }

    private String uid(long startNanos, int pid) {
        return "auditd:" + bootId + ":" + startNanos + ":" + pid;
    }
}
