package dev.yagura.agent;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import java.time.Instant;

/** Moves a recording in time; the distances stay, and so do the ids of processes. */
final class TimeShift {
    private TimeShift() {}

    static Event by(long nanos, Event event) {
        if (nanos == 0) {
            return event;
        }
        Event.Builder moved = event.toBuilder().setTimeNs(event.getTimeNs() + nanos);
        if (event.hasActor()) {
            moved.setActor(by(nanos, event.getActor()));
        }
        if (event.hasProcess()) {
            moved.setProcess(by(nanos, event.getProcess()));
        }
        return moved.build();
    }

    private static Process by(long nanos, Process process) {
        return process.getStartTimeNs() == 0
                ? process
                : process.toBuilder().setStartTimeNs(process.getStartTimeNs() + nanos).build();
    }

    static long nanos(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
