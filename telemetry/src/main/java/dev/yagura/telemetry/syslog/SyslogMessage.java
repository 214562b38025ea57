package dev.yagura.telemetry.syslog;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventLimits;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One message.
 *
 * @param priority facility times 8 plus severity; -1 when it is not known
 * @param program without path and pid, for example "sshd"
 * @param pid 0 when there is none
 */
public record SyslogMessage(
        int priority, long timeNanos, String host, String program, int pid, String text) {
    /** {@link Event#getSource()} */
    public static final String SOURCE = "syslog";

    private static final int MAX_LOGON_TEXT = 1024;

    private static final Pattern LOGON =
            Pattern.compile(
                    "(Accepted|Failed) \\S+ for (?:invalid user )?(.{0,256}?) from (\\S{1,64}) port ([0-9]{1,5})\\b.*");

    private static final Pattern SUDO =
            Pattern.compile(" *(\\S{1,256}) : (?:.{0,256}? ; )?((?:TTY|PWD|USER)=.*)");
    private static final Pattern SUDO_FIELD =
            Pattern.compile(
                    "(TTY|PWD|USER|GROUP|ENV|COMMAND)=(.*?)(?= ; (?:TTY|PWD|USER|GROUP|ENV|COMMAND)=|$)");

    /**
     * The event. Its program stands in the unmapped field Channel: log sources are told apart by
     * it.
     *
     * @param observedNanos when it was read
     */
    public Event event(long observedNanos) {
        Event.Builder event =
                Event.newBuilder()
                        .setTimeNs(timeNanos)
                        .setObservedTimeNs(observedNanos)
                        .setSource(SOURCE)
                        .putUnmapped("Channel", program)
                        .putUnmapped("message", text);
        if (!host.isEmpty()) {
            event.putUnmapped("hostname", host);
        }
        if (priority >= 0) {
            event.putUnmapped("facility", Integer.toString(priority / 8))
                    .putUnmapped("severity", Integer.toString(priority % 8));
        }
        Process.Builder actor = Process.newBuilder().setName(program).setPid(pid);
        if (program.startsWith("sshd")) {
            logon(event);
        } else if (program.equals("sudo")) {
            sudo(event, actor);
        }
        return EventLimits.bound(event.setActor(actor).build());
    }

    private void logon(Event.Builder event) {
        Matcher logon = LOGON.matcher(text.substring(0, Math.min(text.length(), MAX_LOGON_TEXT)));
        if (logon.matches()) {
            event.setClassUid(EventClass.AUTHENTICATION)
                    .setActivityId(EventClass.AUTHENTICATION_LOGON)
                    .setUser(User.newBuilder().setName(logon.group(2)))
                    .setSrcEndpoint(
                            NetworkEndpoint.newBuilder()
                                    .setIp(logon.group(3))
                                    .setPort(Integer.parseInt(logon.group(4))))
                    .putUnmapped("res", logon.group(1).equals("Accepted") ? "success" : "failed");
        }
    }

    /** "alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/bin/sh" */
    private void sudo(Event.Builder event, Process.Builder actor) {
        Matcher sudo = SUDO.matcher(text);
        if (sudo.matches()) {
            actor.setUser(User.newBuilder().setName(sudo.group(1)));
            Matcher field = SUDO_FIELD.matcher(sudo.group(2));
            while (field.find()) {
                event.putUnmapped(field.group(1), field.group(2));
            }
        }
    }
}
