package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.LogSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Sigma's product aws, service cloudtrail: the fields of a CloudTrail record by their dotted paths,
 * from the typed core or else from the unmapped fields, where a whole object is JSON text.
 */
final class CloudTrailSource {
    private static final int API_ACTIVITY = 6003;

    /** Contents of a record, version 1.11 (AWS CloudTrail user guide). */
    private static final Set<String> RECORD =
            Set.of(
                    "eventVersion",
                    "userIdentity",
                    "eventTime",
                    "eventSource",
                    "eventName",
                    "awsRegion",
                    "sourceIPAddress",
                    "userAgent",
                    "errorCode",
                    "errorMessage",
                    "requestParameters",
                    "responseElements",
                    "additionalEventData",
                    "requestID",
                    "eventID",
                    "eventType",
                    "apiVersion",
                    "managementEvent",
                    "readOnly",
                    "resources",
                    "recipientAccountId",
                    "serviceEventDetails",
                    "sharedEventID",
                    "vpcEndpointId",
                    "vpcEndpointAccountId",
                    "eventCategory",
                    "addendum",
                    "sessionCredentialFromConsole",
                    "edgeDeviceDetails",
                    "tlsDetails");

    private static final Map<String, Function<Event, String>> TYPED =
            Map.of(
                    "eventSource", event -> event.getApi().getService(),
                    "eventName", event -> event.getApi().getOperation(),
                    "errorCode", event -> event.getApi().getErrorCode(),
                    "userIdentity.arn", event -> event.getApi().getPrincipalArn(),
                    "sourceIPAddress", event -> event.getSrcEndpoint().getIp());

    static final EventSource CLOUDTRAIL =
            new EventSource(
                    new LogSource("aws", "", "cloudtrail"),
                    kind -> kind.classUid() == API_ACTIVITY,
                    false,
                    CloudTrailSource::field);

    private CloudTrailSource() {}

    private static Optional<FieldReader> field(String name) {
        if (name.equals(Detection.KEYWORDS)) {
            return Optional.of(CloudTrailSource::everyText);
        }
        int dot = name.indexOf('.');
        if (!RECORD.contains(dot < 0 ? name : name.substring(0, dot))) {
            return Optional.empty();
        }
        Function<Event, String> typed = TYPED.getOrDefault(name, event -> "");
        FieldReader unmapped = LinuxSources.unmapped(name);
        return Optional.of((view, text) -> {
            text.putUnlessEmpty(typed.apply(view.event()));
            if (!text.isPresent()) {
                unmapped.read(view, text);
            }
        });
    }

    private static void everyText(EventView view, FieldText text) {
        TYPED.values().forEach(getter -> text.putLine(getter.apply(view.event())));
        view.event().getUnmappedMap().values().forEach(text::putLine);
    }
}
