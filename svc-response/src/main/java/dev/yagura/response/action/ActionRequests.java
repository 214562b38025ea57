package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.type.v1.Scope;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a request must look like. */
final class ActionRequests {
    private static final int MAX_REASON_BYTES = 4096;
    private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8,17}");
    private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern PARTITION = Pattern.compile("aws(-[a-z]+)*");
    private static final Pattern REGION = Pattern.compile("[a-z]{2,}(-[a-z]+)+-[0-9]+");
    private static final Pattern REQUEST_ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private ActionRequests() {}

    static ActionCatalog.Order order(CreateActionRequest request) {
        checkTarget(request.getTarget());
        if (!request.getIncident().isEmpty()) {
            ResourceName.parse("incident", "incidents", request.getIncident());
        }
        String reason =
                request.getValidateOnly() && request.getReason().isBlank()
                        ? ""
                        : reason(request.getReason());
        return new ActionCatalog.Order(
                request.getKind(), request.getTarget(), reason, request.getIncident());
    }

    private static void checkTarget(ActionTarget target) {
        Scope scope = target.getScope();
        require(
                INSTANCE.matcher(target.getInstanceId()).matches(),
                "target.instance_id",
                "is no EC2 instance id",
                "send one like i-0123456789abcdef0");
        require(
                PARTITION.matcher(scope.getPartition()).matches(),
                "target.scope.partition",
                "is no AWS partition",
                "send aws, aws-cn or aws-us-gov");
        require(
                ACCOUNT.matcher(scope.getAccountId()).matches(),
                "target.scope.account_id",
                "is no AWS account",
                "send twelve digits, as in the asset's scope");
        require(
                REGION.matcher(scope.getRegion()).matches(),
                "target.scope.region",
                "is no AWS region",
                "send one like ap-northeast-1; hosts outside AWS have no instance to isolate");
    }

    static String reason(String reason) {
        require(!reason.isBlank(), "reason", "is empty", "say why, for whoever reads it later");
        require(
                reason.getBytes(StandardCharsets.UTF_8).length <= MAX_REASON_BYTES,
                "reason",
                "is longer than 4 KiB",
                "shorten it");
        return reason;
    }

    static UUID requestId(String text) {
        require(
                REQUEST_ID.matcher(text).matches(),
                "request_id",
                "is no UUID",
                "send a new UUID, and the same one when you try again");
        return UUID.fromString(text);
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException(field, problem, remedy);
        }
    }
}
