package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.net.URLEncoder;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** ListAttachedRolePolicies, and the policies inside roles: List, Get, Put, Delete. */
final class RolePolicyOperations {
    private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
    private static final String SERVICE_PATH = "/aws-service-role/";

    /** Characters of all policies inside one role together, white space not counted. */
    private static final int MOST_CHARACTERS = 10_240;

    private final Directory directory;

    RolePolicyOperations(Directory directory) {
        this.directory = directory;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("ListAttachedRolePolicies", this::listAttached).needs("RoleName"),
                Operation.named("ListRolePolicies", this::list).needs("RoleName"),
                Operation.named("GetRolePolicy", this::get).needs("RoleName", "PolicyName"),
                Operation.named("PutRolePolicy", this::put)
                        .needs("RoleName", "PolicyName", "PolicyDocument"),
                Operation.named("DeleteRolePolicy", this::delete).needs("RoleName", "PolicyName"));
    }

    private Body listAttached(Call call) {
        return Xml.ofMembers()
                .list(
                        "AttachedPolicies",
                        role(call).attachedPolicies(),
                        (xml, arn) ->
                                xml.text("PolicyName", arn.substring(arn.lastIndexOf('/') + 1))
                                        .text("PolicyArn", arn))
                .text("IsTruncated", false)
                .body();
    }

    private Body list(Call call) {
        return Xml.ofMembers()
                .texts("PolicyNames", policies(call).keySet())
                .text("IsTruncated", false)
                .body();
    }

    private Body get(Call call) {
        InlinePolicy policy = existing(call);
        return Xml.ofMembers()
                .text("RoleName", call.parameters().required("RoleName"))
                .text("PolicyName", call.parameters().required("PolicyName"))
                .text("PolicyDocument", URLEncoder.encode(policy.document(), UTF_8))
                .body();
    }

    private Body put(Call call) {
        refuseProtected(role(call));
        String name = call.parameters().required("PolicyName");
        if (!POLICY_NAME.matcher(name).matches()) {
            throw ApiFault.of(
                    "ValidationError",
                    "1 validation error detected: Value '%s' at 'policyName' failed to satisfy"
                            + " constraint: Member must satisfy regular expression pattern: %s",
                    name,
                    POLICY_NAME);
        }
        InlinePolicy policy = InlinePolicy.parse(call.parameters().required("PolicyDocument"));
        SortedMap<String, InlinePolicy> policies = policies(call);
        int others =
                policies.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(name))
                        .mapToInt(entry -> size(entry.getValue()))
                        .sum();
        if (others + size(policy) > MOST_CHARACTERS) {
            throw new ApiFault(
                    "LimitExceeded",
                    409,
                    "Maximum policy size of %d bytes exceeded for role %s"
                            .formatted(MOST_CHARACTERS, role(call).name()));
        }
        policies.put(name, policy);
        return Xml.ofMembers().body();
    }

    private Body delete(Call call) {
        refuseProtected(role(call));
        existing(call);
        policies(call).remove(call.parameters().required("PolicyName"));
        return Xml.ofMembers().body();
    }

    private Role role(Call call) {
        String name = call.parameters().required("RoleName");
        return directory.role(name).orElseThrow(() -> IamApi.noSuchEntity("role", name));
    }

    private SortedMap<String, InlinePolicy> policies(Call call) {
        return directory.inlinePolicies(role(call).name());
    }

    private InlinePolicy existing(Call call) {
        String name = call.parameters().required("PolicyName");
        @Nullable InlinePolicy policy = policies(call).get(name);
        if (policy == null) {
            throw IamApi.noSuchEntity("role policy", name);
        }
        return policy;
    }

    private static void refuseProtected(Role role) {
        if (role.path().startsWith(SERVICE_PATH)) {
            throw ApiFault.of(
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '%s' - this role is only"
                            + " modifiable by AWS",
                    role.name());
        }
    }

    private static int size(InlinePolicy policy) {
        return policy.document().replaceAll("\\s", "").length();
    }
}
