package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.aws.DenyPolicy;
import java.time.Instant;

/**
 * The policy that is put inside a role: it denies everything to sessions that one instance got
 * before a moment.
 *
 * <p>{@code aws:TokenIssueTime} alone is what AWS's own "revoke active sessions" uses; it hits
 * every session of the role. {@code ec2:SourceInstanceARN} stays in a session that an instance got
 * from its metadata service, wherever it is used from, and narrows the deny to the instance's own
 * ones. Both conditions must hold.
 */
final class SessionDeny {
    private static final String PREFIX = "yagura-contain-";

    private SessionDeny() {}

    static DenyPolicy of(String name, ActionTarget target, Instant issuedBefore) {
        Scope scope = target.getScope();
        return DenyPolicy.of(
                name,
                "YaguraContainRoleSession",
                """
                %s,"ArnEquals":{"ec2:SourceInstanceARN":"arn:%s:ec2:%s:%s:instance/%s"}\
                """
                        .formatted(
                                DenyPolicy.issuedBefore(issuedBefore),
                                scope.getPartition(),
                                scope.getRegion(),
                                scope.getAccountId(),
                                target.getInstanceId()));
    }

    static String name(Action action) {
        return DenyPolicy.name(PREFIX, action);
    }
}
