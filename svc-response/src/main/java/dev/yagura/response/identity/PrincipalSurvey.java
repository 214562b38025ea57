package dev.yagura.response.identity;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import dev.yagura.response.aws.PrincipalPolicies;
import java.util.List;
import java.util.Optional;

/**
 * A user or role that gets a deny, and who the platform is, as read just now.
 *
 * @param used characters of the policies inside it, without white space
 * @param reach who and what loses access
 */
record PrincipalSurvey(
        LivePrincipal live, int used, List<PreflightCheck> reach, Platform platform) {
    PrincipalSurvey {
        reach = List.copyOf(reach);
    }

    /**
     * Reads everything.
     *
     * @param region in which instances are looked for
     * @throws NotFoundException no such user or role
     */
    static PrincipalSurvey take(IdentityCloud cloud, IamPrincipal principal, String region) {
        IdentityReader reader = new IdentityReader(cloud.iam());
        PrincipalPolicies policies = new PrincipalPolicies(cloud.iam(), principal);
        return switch (principal.kind()) {
            case USER -> {
                IdentityReader.LiveUser user =
                        reader.user(principal.name()).orElseThrow(() -> unknown("user", principal));
                yield new PrincipalSurvey(
                        user.live(),
                        used(policies),
                        UserReach.checks(reader, user),
                        Platform.of(cloud));
            }
            case ROLE -> {
                IdentityReader.LiveRole role =
                        reader.role(principal.name()).orElseThrow(() -> unknown("role", principal));
                yield new PrincipalSurvey(
                        role.live(),
                        used(policies),
                        RoleReach.checks(cloud, role, region),
                        Platform.of(cloud));
            }
        };
    }

    private static NotFoundException unknown(String type, IamPrincipal principal) {
        return new NotFoundException(type, principal.name());
    }

    static int used(PrincipalPolicies policies) {
        return policies.names().stream()
                .map(policies::document)
                .flatMap(Optional::stream)
                .mapToInt(DenyPolicy::size)
                .sum();
    }
}
