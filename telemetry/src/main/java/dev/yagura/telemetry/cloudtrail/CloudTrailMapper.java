package dev.yagura.telemetry.cloudtrail;

import dev.yagura.proto.telemetry.v1.CloudApi;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.proto.telemetry.v1.User;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventData;
import dev.yagura.telemetry.event.EventLimits;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.json.JsonRecord;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Records of CloudTrail (contents of version 1.11) to API Activity. What has no place in the core
 * is in the unmapped fields by its dotted path; elements of an array are lines of one text.
 */
public final class CloudTrailMapper {
    public static final String SOURCE = "cloudtrail";

    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+");

    /** Beginnings of operations; whatever else reads, or is not known. */
    private static final List<String> CREATE =
            List.of("Create", "Run", "Put", "Register", "Allocate", "Import", "Start", "Generate");

    private static final List<String> UPDATE =
            List.of(
                    "Update",
                    "Modify",
                    "Set",
                    "Attach",
                    "Add",
                    "Authorize",
                    "Enable",
                    "Change",
                    "Associate",
                    "Tag",
                    "Reboot");
    private static final List<String> DELETE =
            List.of(
                    "Delete",
                    "Remove",
                    "Terminate",
                    "Detach",
                    "Revoke",
                    "Deregister",
                    "Disable",
                    "Stop",
                    "Disassociate",
                    "Release",
                    "Untag");

    private final Clock clock;
    private final EventData data = new EventData();

    public CloudTrailMapper(Clock clock) {
        this.clock = clock;
    }

    /** The event; empty when the object is no record of CloudTrail. */
    public Optional<Event> map(JsonRecord json) {
        data.clear();
        for (int i = 0; i < json.size(); i++) {
            data.add(json.path(i).text(), json.value(i));
        }
        boolean timed = data.has("eventTime");
        if (!data.has("eventSource")
                || !data.has("eventName")
                || !timed && !data.has("awsRegion")) {
            return Optional.empty();
        }
        long now = EventTimes.nanos(clock.instant());
        String operation = data.take("eventName");
        String address = data.text("sourceIPAddress");
        Event.Builder event =
                Event.newBuilder()
                        .setClassUid(EventClass.API)
                        .setActivityId(activity(operation, data.text("readOnly")))
                        .setTimeNs(
                                EventTimes.parse(data.text(timed ? "eventTime" : "@timestamp"))
                                        .orElse(now))
                        .setObservedTimeNs(now)
                        .setSource(SOURCE)
                        .setSourceRecordId(data.text("eventID"))
                        .setUser(
                                User.newBuilder()
                                        .setUid(data.text("userIdentity.principalId"))
                                        .setName(userName()));
        if (ADDRESS.matcher(address).matches()) {
            data.drop("sourceIPAddress");
            event.setSrcEndpoint(NetworkEndpoint.newBuilder().setIp(address));
        }
        event.setApi(
                CloudApi.newBuilder()
                        .setOperation(operation)
                        .setService(data.take("eventSource"))
                        .setPrincipalArn(data.take("userIdentity.arn"))
                        .setErrorCode(data.take("errorCode")));
        data.putRest(event);
        return Optional.of(EventLimits.bound(event.build(), json.sourceBytes()));
    }

    private String userName() {
        String name = data.text("userIdentity.userName");
        return name.isEmpty()
                ? data.text("userIdentity.sessionContext.sessionIssuer.userName")
                : name;
    }

    private static int activity(String operation, String readOnly) {
        if (readOnly.equals("true")) {
            return EventClass.API_READ;
        }
        if (starts(operation, CREATE)) {
            return EventClass.API_CREATE;
        }
        if (starts(operation, UPDATE)) {
            return EventClass.API_UPDATE;
        }
        if (starts(operation, DELETE)) {
            return EventClass.API_DELETE;
        }
        return starts(operation, List.of("Get", "List", "Describe", "Head", "Lookup"))
                ? EventClass.API_READ
                : EventClass.OTHER;
    }

    private static boolean starts(String operation, List<String> beginnings) {
        return beginnings.stream().anyMatch(operation::startsWith);
    }
}
