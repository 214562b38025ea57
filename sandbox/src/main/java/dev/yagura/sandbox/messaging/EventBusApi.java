package dev.yagura.sandbox.messaging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.JsonText;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.util.List;
import java.util.UUID;

/** EventBridge: a bus, and events to it. */
public final class EventBusApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AWSEvents";

    private static final String DEFAULT = "default";
    private static final int MOST_ENTRIES = 10;
    private static final int LONGEST_TYPE = 128;

    private final Channels channels;

    private EventBusApi(Channels channels) {
        this.channels = channels;
    }

    public static Api of(Channels channels) {
        EventBusApi api = new EventBusApi(channels);
        return Api.of(
                "events",
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        Operation.named("DescribeEventBus", api::describe)
                                .knows("Name")
                                .on(p -> List.of(api.arn(p.text("Name").orElse(DEFAULT)))),
                        Operation.named("PutEvents", api::put)
                                .needs("Entries")
                                .knows(
                                        "Entries.N.Source",
                                        "Entries.N.DetailType",
                                        "Entries.N.Detail",
                                        "Entries.N.EventBusName",
                                        "Entries.N.Resources.N")
                                .on(api::buses)));
    }

    private String arn(String nameOrArn) {
        return channels.bus(nameOrArn).orElse("*");
    }

    private List<String> buses(Parameters parameters) {
        return parameters.structures("Entries").stream()
                .map(entry -> arn(entry.text("EventBusName").orElse(DEFAULT)))
                .toList();
    }

    private Body describe(Call call) {
        String name = call.parameters().text("Name").orElse(DEFAULT);
        String arn =
                channels.bus(name)
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "ResourceNotFoundException",
                                        "Event bus %s does not exist.",
                                        name));
        return new Body.Members(
                object().put("Name", arn.substring(arn.lastIndexOf('/') + 1)).put("Arn", arn));
    }

    /** An entry that is wrong fails alone; the call succeeds. */
    private Body put(Call call) {
        List<Parameters> entries = call.parameters().structures("Entries");
        if (entries.size() > MOST_ENTRIES) {
            throw ApiFault.of(
                    "ValidationException",
                    "1 validation error detected: Value at 'entries' failed to satisfy constraint:"
                            + " Member must have length less than or equal to 10");
        }
        ArrayNode results = JsonNodeFactory.instance.arrayNode();
        int failed = 0;
        for (Parameters entry : entries) {
            ObjectNode result = result(entry);
            failed += result.has("ErrorCode") ? 1 : 0;
            results.add(result);
        }
        ObjectNode answer = object().put("FailedEntryCount", failed);
        answer.set("Entries", results);
        return new Body.Members(answer);
    }

    private ObjectNode result(Parameters entry) {
        if (channels.bus(entry.text("EventBusName").orElse(DEFAULT)).isEmpty()) {
            return error("InvalidArgument", "EventBus does not exist.");
        }
        for (String member : List.of("Source", "DetailType", "Detail")) {
            if (entry.text(member).orElse("").isEmpty()) {
                return error(
                        "InvalidArgument",
                        "Parameter "
                                + member
                                + " is not valid. Reason: "
                                + member
                                + " is a required argument.");
            }
        }
        if (entry.required("DetailType").length() > LONGEST_TYPE) {
            return error("InvalidArgument", "Parameter DetailType is not valid.");
        }
        return isObject(entry.required("Detail"))
                ? object().put("EventId", UUID.randomUUID().toString())
                : error("MalformedDetail", "Detail is malformed.");
    }

    private static boolean isObject(String text) {
        try {
            return JsonText.mapper().readTree(text).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static ObjectNode error(String code, String message) {
        return object().put("ErrorCode", code).put("ErrorMessage", message);
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
