package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Xml;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The policies inside users and roles: List, Get, Put, Delete; and ListAttachedRolePolicies. */
final class InlinePolicyOperations {
    private static final Pattern POLICY_NAME = Pattern.compile("[\\w+=,.@-]{1,128}");
    private static final String SERVICE_PATH = "/aws-service-role/";

    private final Directory directory;
    private final Holder holder;

    /** What has policies inside, each kind with operations of its own. */
    enum Holder {
        USER("User", 2_048),
        ROLE("Role", 10_240);

        private final String word;

        /** Characters of all policies inside one together, white space not counted. */
        private final int mostCharacters;

        Holder(String word, int mostCharacters) {
            this.word = word;
            this.mostCharacters = mostCharacters;
        }

        private String parameter() {
            return word + "Name";
        }
    }

    InlinePolicyOperations(Directory directory, Holder holder) {
        this.directory = directory;
        this.holder = holder;
    }

    List<Operation> all() {
        List<Operation> operations =
                new ArrayList<>(
                        List.of(
                                Operation.named("List" + holder.word + "Policies", this::list)
                                        .needs(holder.parameter()),
                                Operation.named("Get" + holder.word + "Policy", this::get)
                                        .needs(holder.parameter(), "PolicyName"),
                                Operation.named("Put" + holder.word + "Policy", this::put)
                                        .needs(holder.parameter(), "PolicyName", "PolicyDocument"),
                                Operation.named("Delete" + holder.word + "Policy", this::delete)
                                        .needs(holder.parameter(), "PolicyName")));
        if (holder == Holder.ROLE) {
            operations.add(
                    Operation.named("ListAttachedRolePolicies", this::listAttached)
                            .needs("RoleName"));
        }
        return operations;
    }

    private Body listAttached(Call call) {
        String name = name(call);
        return Xml.ofMembers()
                .list(
                        "AttachedPolicies",
                        directory.role(name).orElseThrow(() -> unknown(name)).attachedPolicies(),
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
                .text(holder.parameter(), name(call))
                .text("PolicyName", call.parameters().required("PolicyName"))
                .text("PolicyDocument", URLEncoder.encode(policy.document(), UTF_8))
                .body();
    }

    private Body put(Call call) {
        SortedMap<String, InlinePolicy> policies = policies(call);
        refuseProtected(name(call));
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
        int others =
                policies.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(name))
                        .mapToInt(entry -> size(entry.getValue()))
                        .sum();
        if (others + size(policy) > holder.mostCharacters) {
            throw new ApiFault(
                    "LimitExceeded",
                    409,
                    "Maximum policy size of %d bytes exceeded for %s %s"
                            .formatted(
                                    holder.mostCharacters,
                                    holder.word.toLowerCase(Locale.ROOT),
                                    name(call)));
        }
        policies.put(name, policy);
        return Xml.ofMembers().body();
    }

    private Body delete(Call call) {
        refuseProtected(name(call));
        existing(call);
        policies(call).remove(call.parameters().required("PolicyName"));
        return Xml.ofMembers().body();
    }

    private String name(Call call) {
        return call.parameters().required(holder.parameter());
    }

    private SortedMap<String, InlinePolicy> policies(Call call) {
        String name = name(call);
        boolean known =
                switch (holder) {
                    case USER -> directory.user(name).isPresent();
                    case ROLE -> directory.role(name).isPresent();
                };
        if (!known) {
            throw unknown(name);
        }
        return directory.inlinePolicies(holder, name);
    }

    private InlinePolicy existing(Call call) {
        String name = call.parameters().required("PolicyName");
        @Nullable InlinePolicy policy = policies(call).get(name);
        if (policy == null) {
            throw IamApi.noSuchEntity(holder.word.toLowerCase(Locale.ROOT) + " policy", name);
        }
        return policy;
    }

    private ApiFault unknown(String name) {
        return IamApi.noSuchEntity(holder.word.toLowerCase(Locale.ROOT), name);
    }

    private void refuseProtected(String name) {
        boolean isProtected =
                holder == Holder.ROLE
                        && directory
                                .role(name)
                                .filter(role -> role.path().startsWith(SERVICE_PATH))
                                .isPresent();
        if (isProtected) {
            throw ApiFault.of(
                    "UnmodifiableEntity",
                    "Cannot perform the operation on the protected role '%s' - this role is only"
                            + " modifiable by AWS",
                    name);
        }
    }

    private static int size(InlinePolicy policy) {
        return policy.document().replaceAll("\\s", "").length();
    }
}
