package dev.yagura.response.aws;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.IamException;

/** The policies inside a role or user. Throws what the SDK throws. */
public final class PrincipalPolicies {
    private final IamClient iam;
    private final IamPrincipal principal;

    public PrincipalPolicies(IamClient iam, IamPrincipal principal) {
        this.iam = iam;
        this.principal = principal;
    }

    public IamPrincipal principal() {
        return principal;
    }

    /** Names of all of them. */
    public List<String> names() {
        String name = principal.name();
        return switch (principal.kind()) {
            case USER ->
                    iam
                            .listUserPoliciesPaginator(request -> request.userName(name))
                            .policyNames()
                            .stream()
                            .toList();
            case ROLE ->
                    iam
                            .listRolePoliciesPaginator(request -> request.roleName(name))
                            .policyNames()
                            .stream()
                            .toList();
        };
    }

    /** Empty when there is no such policy, or no such principal. */
    public Optional<String> document(String policyName) {
        String name = principal.name();
        return switch (principal.kind()) {
            case USER ->
                    found(() ->
                            iam.getUserPolicy(r -> r.userName(name).policyName(policyName))
                                    .policyDocument());
            case ROLE ->
                    found(() ->
                            iam.getRolePolicy(r -> r.roleName(name).policyName(policyName))
                                    .policyDocument());
        };
    }

    /** Whether it is there as it was meant. */
    public boolean has(DenyPolicy policy) {
        return document(policy.name()).filter(policy::isSameAs).isPresent();
    }

    private static Optional<String> found(Supplier<String> read) {
        try {
            return Optional.of(URLDecoder.decode(read.get(), StandardCharsets.UTF_8));
        } catch (IamException e) {
            if (AwsErrors.isNoSuchEntity(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
