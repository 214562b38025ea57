package dev.yagura.sandbox.trail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** The events of one account. CloudTrail delivers them some minutes late, and so does this. */
public final class Trail {
    private static final Duration DELAY = Duration.ofMinutes(5);
    private static final String STS = "sts.amazonaws.com";

    private final String region;
    private final Clock simulated;
    private final Clock wall;
    private final List<TrailEvent> events = new ArrayList<>();

    /**
     * @param simulated time that passes until an event is shown
     * @param wall time of the events: sessions are issued by it
     */
    public Trail(String region, Clock simulated, Clock wall) {
        this.region = region;
        this.simulated = simulated;
        this.wall = wall;
    }

    /**
     * A role was assumed.
     *
     * @param session whom it made
     * @param accessKeyId of the new session
     */
    public void assumedRole(
            Principal caller,
            String roleArn,
            String sessionName,
            Principal session,
            String accessKeyId) {
        String id = UUID.randomUUID().toString();
        Instant at = wall.instant().truncatedTo(ChronoUnit.SECONDS);
        boolean ofRole = caller.arn().contains(":assumed-role/");
        ObjectNode record = object();
        record.put("eventVersion", "1.08")
                .put("eventTime", at.toString())
                .put("eventSource", STS)
                .put("eventName", "AssumeRole")
                .put("awsRegion", region)
                .put("eventID", id)
                .put("eventType", "AwsApiCall")
                .put("recipientAccountId", caller.accountId());
        record.putObject("userIdentity")
                .put("type", ofRole ? "AssumedRole" : "IAMUser")
                .put("principalId", caller.id())
                .put("arn", caller.arn())
                .put("accountId", caller.accountId())
                .put("accessKeyId", caller.accessKeyId());
        record.putObject("requestParameters")
                .put("roleArn", roleArn)
                .put("roleSessionName", sessionName);
        ObjectNode answer = record.putObject("responseElements");
        answer.putObject("credentials").put("accessKeyId", accessKeyId);
        answer.putObject("assumedRoleUser")
                .put("assumedRoleId", session.id())
                .put("arn", session.arn());
        events.add(
                new TrailEvent(
                        id,
                        "AssumeRole",
                        STS,
                        at,
                        simulated.instant().plus(DELAY),
                        caller.arn().substring(caller.arn().lastIndexOf('/') + 1),
                        caller.accessKeyId(),
                        record.toString()));
    }

    /** What the history shows by now, newest first. */
    List<TrailEvent> shown() {
        Instant now = simulated.instant();
        return events.stream()
                .filter(event -> !event.visibleFrom().isAfter(now))
                .sorted(Comparator.comparing(TrailEvent::at).reversed())
                .toList();
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
