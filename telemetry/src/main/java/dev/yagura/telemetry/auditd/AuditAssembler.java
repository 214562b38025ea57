package dev.yagura.telemetry.auditd;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Groups records by time and serial: events interleave and serials are not in order. PROCTITLE or
 * EOE ends an event of a system call; records of user space are events of their own; everything
 * else ends when the log has moved on, or after a while of silence.
 */
final class AuditAssembler {
    /** Events begun at once; the oldest is completed beyond that. */
    static final int MOST_OPEN = 1024;

    /** Records of one event; an argument vector of 2 MiB needs some 600. */
    private static final int MOST_RECORDS = 1024;

    private static final long LOG_MOVED_ON = TimeUnit.SECONDS.toNanos(5);
    private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

    private final Consumer<AuditEvent> completed;
    private final Map<AuditId, Open> open = new LinkedHashMap<>();
    private long newest;

    private static final class Open {
        final List<AuditRecord> records = new ArrayList<>();

        /** Set by the first look at the clock after its newest record. */
        OptionalLong silentSince = OptionalLong.empty();
    }

    AuditAssembler(Consumer<AuditEvent> completed) {
        this.completed = completed;
    }

    void add(AuditRecord record) {
        if (isWhole(record.type())) {
            completed.accept(new AuditEvent(record.id(), List.of(record)));
            return;
        }
        boolean end = record.type().equals("EOE");
        if (end && !open.containsKey(record.id())) {
            return; // its PROCTITLE has ended the event already
        }
        Open event = open.computeIfAbsent(record.id(), id -> new Open());
        event.silentSince = OptionalLong.empty();
        if (!end && event.records.size() < MOST_RECORDS) {
            event.records.add(record);
        }
        if (end || record.type().equals("PROCTITLE")) {
            complete(record.id());
        }
        newest = Math.max(newest, record.id().timeNanos());
        completeOld();
    }

    void tick(long nowNanos) {
        List<AuditId> silent = new ArrayList<>();
        open.forEach((id, event) -> {
            if (event.silentSince.isEmpty()) {
                event.silentSince = OptionalLong.of(nowNanos);
            } else if (nowNanos - event.silentSince.getAsLong() > SILENCE) {
                silent.add(id);
            }
        });
        silent.forEach(this::complete);
    }

    void finish() {
        List.copyOf(open.keySet()).forEach(this::complete);
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** The map is in order of begin, so only its head can be old. */
    private void completeOld() {
        while (!open.isEmpty()) {
            Iterator<AuditId> ids = open.keySet().iterator();
            AuditId oldest = ids.next();
            if (open.size() <= MOST_OPEN && newest - oldest.timeNanos() < LOG_MOVED_ON) {
                return;
            }
            complete(oldest);
        }
    }

    private void complete(AuditId id) {
        Open event = open.remove(id);
        if (event != null && !event.records.isEmpty()) {
            completed.accept(new AuditEvent(id, event.records));
        }
    }

    /**
     * Records written by user space (libaudit's ranges 1100-1299 and 2100-2999) and by auditd
     * itself.
     */
    private static boolean isWhole(String type) {
        return type.startsWith("USER_")
                || type.startsWith("CRED_")
                || type.startsWith("DAEMON_")
                || type.startsWith("SERVICE_")
                || type.startsWith("SYSTEM_")
                || type.startsWith("ADD_")
                || type.startsWith("DEL_")
                || type.startsWith("GRP_")
                || type.startsWith("CRYPTO_")
                || type.startsWith("VIRT_");
    }
}
