package dev.yagura.sandbox.guardduty;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Protocol;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** GuardDuty: ListDetectors and GetDetector. */
public final class GuardDutyApi {
    public static final String NAME = "guardduty";

    private static final String REFUSED = "BadRequestException";

    private static final Page.Rules PAGES =
            new Page.Rules("maxResults", "nextToken", 1, 50, 50, REFUSED, REFUSED);

    private final GuardDuty guardDuty;

    private GuardDutyApi(GuardDuty guardDuty) {
        this.guardDuty = guardDuty;
    }

    public static Api of(GuardDuty guardDuty) {
        GuardDutyApi api = new GuardDutyApi(guardDuty);
        return Api.of(
                NAME,
                Protocol.REST_JSON,
                "",
                "",
                false,
                List.of(
                        Operation.named("ListDetectors", api::list)
                                .knows("maxResults", "nextToken"),
                        Operation.named("GetDetector", api::get).needs(DetectorRequest.ID)));
    }

    private Body list(Call call) {
        Page<String> page =
                Page.of(
                        guardDuty.detectorId().stream().toList(),
                        Function.identity(),
                        call.parameters(),
                        PAGES);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode ids = answer.putArray("detectorIds");
        page.items().forEach(ids::add);
        // Empty after the last page, not missing.
        return new Body.Members(answer.put("nextToken", page.nextToken().orElse("")));
    }

    private Body get(Call call) {
        String id = call.parameters().required(DetectorRequest.ID);
        if (!guardDuty.detectorId().equals(Optional.of(id))) {
            throw new ApiFault(
                    REFUSED,
                    400,
                    "The request is rejected because the input detectorId is not owned by the"
                            + " current account.");
        }
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("createdAt", guardDuty.created().toString())
                .put("updatedAt", guardDuty.created().toString())
                .put("findingPublishingFrequency", "SIX_HOURS")
                .put(
                        "serviceRole",
                        guardDuty
                                .account()
                                .globalArn(
                                        "iam",
                                        "role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty"))
                .put("status", guardDuty.status());
        answer.putObject("tags");
        features(answer.putArray("features"));
        return new Body.Members(answer);
    }

    /** In the order of their names: what is configured beside one comes after it. */
    private void features(ArrayNode list) {
        Map<String, ArrayNode> configurations = new HashMap<>();
        guardDuty
                .features()
                .forEach((name, on) -> {
                    int slash = name.indexOf('/');
                    ArrayNode there =
                            configurations.getOrDefault(
                                    name.substring(0, Math.max(slash, 0)), list);
                    ObjectNode feature =
                            there.addObject()
                                    .put("name", name.substring(slash + 1))
                                    .put("status", on ? GuardDuty.ENABLED : GuardDuty.DISABLED)
                                    .put("updatedAt", guardDuty.created().getEpochSecond());
                    if (slash < 0) {
                        configurations.put(name, feature.putArray("additionalConfiguration"));
                    }
                });
    }
}
