package dev.yagura.sandbox.trail;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** CloudTrail: LookupEvents, by one attribute, which is as many as AWS takes. */
public final class TrailApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";

    private static final String ATTRIBUTES = "LookupAttributes";
    private static final int LARGEST_PAGE = 50;

    private final Trail trail;

    private TrailApi(Trail trail) {
        this.trail = trail;
    }

    public static Api of(Trail trail) {
        TrailApi api = new TrailApi(trail);
        return Api.of(
                "cloudtrail",
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        Operation.named("LookupEvents", api::lookup)
                                .knows(
                                        ATTRIBUTES + ".N.AttributeKey",
                                        ATTRIBUTES + ".N.AttributeValue",
                                        "StartTime",
                                        "EndTime",
                                        "MaxResults",
                                        "NextToken")));
    }

    private Body lookup(Call call) {
        Parameters parameters = call.parameters();
        Optional<Instant> start = time(parameters, "StartTime");
        Optional<Instant> end = time(parameters, "EndTime");
        if (start.isPresent() && end.isPresent() && start.get().isAfter(end.get())) {
            throw ApiFault.of("InvalidTimeRangeException", "The start time is after the end time.");
        }
        List<TrailEvent> found =
                trail.shown().stream()
                        .filter(attribute(parameters))
                        .filter(event -> start.isEmpty() || !event.at().isBefore(start.get()))
                        .filter(event -> end.isEmpty() || !event.at().isAfter(end.get()))
                        .toList();
        int size = size(parameters);
        int first = first(parameters, found.size());
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode events = answer.putArray("Events");
        int last = Math.min(first + size, found.size());
        found.subList(first, last).forEach(event -> events.add(json(event)));
        if (last < found.size()) {
            answer.put("NextToken", Integer.toString(last));
        }
        return new Body.Members(answer);
    }

    private static Predicate<TrailEvent> attribute(Parameters parameters) {
        List<Parameters> attributes = parameters.structures(ATTRIBUTES);
        if (attributes.isEmpty()) {
            return event -> true;
        }
        if (attributes.size() > 1) {
            throw ApiFault.of(
                    "InvalidLookupAttributesException",
                    "You can only specify one lookup attribute per request.");
        }
        String value = attributes.getFirst().required("AttributeValue");
        return switch (attributes.getFirst().required("AttributeKey")) {
            case "Username" -> event -> event.userName().equals(value);
            case "AccessKeyId" -> event -> event.accessKeyId().equals(value);
            case "EventName" -> event -> event.name().equals(value);
            default ->
                    throw ApiFault.of(
                            "InvalidLookupAttributesException", "Invalid lookup attribute.");
        };
    }

    private static int size(Parameters parameters) {
        int size = parameters.integer("MaxResults").orElse(LARGEST_PAGE);
        if (size < 1 || size > LARGEST_PAGE) {
            throw ApiFault.of("InvalidMaxResultsException", "A max results value of %d.", size);
        }
        return size;
    }

    private static int first(Parameters parameters, int count) {
        int first = parameters.integer("NextToken").orElse(0);
        if (first < 0 || first > count) {
            throw ApiFault.of("InvalidNextTokenException", "The token is invalid.");
        }
        return first;
    }

    /** Seconds since 1970, with or without a fraction. */
    private static Optional<Instant> time(Parameters parameters, String name) {
        try {
            return parameters
                    .text(name)
                    .map(Double::parseDouble)
                    .map(seconds -> Instant.ofEpochMilli(Math.round(seconds * 1000)));
        } catch (NumberFormatException | DateTimeException e) {
            throw ApiFault.of("InvalidTimeRangeException", "%s is no time.", name);
        }
    }

    private static ObjectNode json(TrailEvent event) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("EventId", event.id())
                .put("EventName", event.name())
                .put("ReadOnly", "true")
                .put("AccessKeyId", event.accessKeyId())
                .put("EventTime", event.at().getEpochSecond())
                .put("EventSource", event.source())
                .put("Username", event.userName())
                .put("CloudTrailEvent", event.json());
    }
}
