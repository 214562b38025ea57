package dev.yagura.response.action;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/** What the targets of kinds that act on Lambda must look like. */
final class FunctionRequests {
    private static final Set<ActionKind> KINDS =
            EnumSet.of(
                    ActionKind.ACTION_KIND_CONTAIN_FUNCTION, ActionKind.ACTION_KIND_INVOKE_LAMBDA);
    private static final int MOST_BYTES = 64 * 1024;

    private FunctionRequests() {}

    static boolean isOnFunction(ActionKind kind) {
        return KINDS.contains(kind);
    }

    static void check(ActionKind kind, ActionTarget target) {
        requireFor(ActionKind.ACTION_KIND_CONTAIN_FUNCTION, kind, "function", target.hasFunction());
        requireFor(
                ActionKind.ACTION_KIND_INVOKE_LAMBDA, kind, "invocation", target.hasInvocation());
        require(
                !target.hasFunction()
                        || FunctionName.isIn(target.getScope(), target.getFunction().getName()),
                "function.name",
                "is no name of a function, nor the ARN of one in the scope",
                "send one like shop-order, without version or alias");
        if (target.hasInvocation()) {
            require(
                    FunctionName.isIn(target.getScope(), target.getInvocation().getName()),
                    "invocation.name",
                    "is no name of a function, nor the ARN of one in the scope",
                    "send one of the allow-list, without its version or alias");
            checkPayload(target.getInvocation().getPayload());
        }
    }

    private static void checkPayload(String payload) {
        require(
                payload.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES,
                "invocation.payload",
                "has more than 64 KiB",
                "put it where the function can read it, and send where that is");
        require(
                payload.isEmpty() || isJson(payload),
                "invocation.payload",
                "is no JSON",
                "send the event of the function as one JSON value");
    }

    private static boolean isJson(String text) {
        try (JsonParser parser = Json.createParser(new StringReader(text))) {
            while (parser.hasNext()) {
                parser.next();
            }
            return true;
        } catch (JsonException e) {
            return false;
        }
    }

    private static void requireFor(ActionKind owner, ActionKind kind, String field, boolean isSet) {
        boolean wanted = kind == owner;
        require(
                wanted == isSet,
                field,
                wanted ? "is not set" : "is set",
                "send it for " + owner + " only");
    }

    private static void require(boolean holds, String field, String problem, String remedy) {
        if (!holds) {
            throw new InvalidFieldException("target." + field, problem, remedy);
        }
    }
}
