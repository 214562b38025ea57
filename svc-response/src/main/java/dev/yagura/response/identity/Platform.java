package dev.yagura.response.identity;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Who the platform is to AWS, so that it never cuts itself off.
 *
 * @param accessKeyId that this process has itself
 * @param callers whose credentials those are, and the role that is assumed with them
 */
record Platform(String accessKeyId, List<PrincipalArn> callers) {
    Platform {
        callers = List.copyOf(callers);
    }

    /** Asks AWS. Throws what the SDK throws. */
    static Platform of(IdentityCloud cloud) {
        return new Platform(
                cloud.ownAccessKeyId().get(),
                Stream.of(cloud.ownSts(), cloud.sts())
                        .map(Platform::caller)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
    }

    boolean is(PrincipalArn principal) {
        return callers.stream().anyMatch(principal::isSameAs);
    }

    private static Optional<PrincipalArn> caller(StsClient sts) {
        return PrincipalArn.parse(sts.getCallerIdentity(request -> {}).arn());
    }
}
