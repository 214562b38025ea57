package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The policy that is put inside a role: it denies everything to sessions that one instance got
 * before a moment.
 *
 * <p>{@code aws:TokenIssueTime} alone is what AWS's own "revoke active sessions" uses; it hits
 * every session of the role. {@code ec2:SourceInstanceARN} stays in a session that an instance got
 * from its metadata service, wherever it is used from, and narrows the deny to the instance's own
 * ones. Both conditions must hold.
 *
 * @param name names the action, so that it is recognized and nobody else's is touched
 * @param document as it is sent, and as IAM gives it back
 */
record SessionDeny(String name, String document) {
    private static final String PREFIX = "yagura-contain-";

    static SessionDeny of(String name, ActionTarget target, Instant issuedBefore) {
        Scope scope = target.getScope();
        return new SessionDeny(
                name,
                """
                {"Version":"2012-10-17","Statement":[{"Sid":"YaguraContainRoleSession",\
                "Effect":"Deny","Action":"*","Resource":"*","Condition":{\
                "DateLessThan":{"aws:TokenIssueTime":"%s"},\
                "ArnEquals":{"ec2:SourceInstanceARN":"arn:%s:ec2:%s:%s:instance/%s"}}}]}\
                """
                        .formatted(
                                issuedBefore,
                                scope.getPartition(),
                                scope.getRegion(),
                                scope.getAccountId(),
                                target.getInstanceId()));
    }

    /** The policy's name; that of a plan without an action names the place of the id. */
    static String name(Action action) {
        String id = action.getName().substring(action.getName().indexOf('/') + 1);
        return PREFIX + (id.isEmpty() ? "ACTION" : id);
    }

    /** Issue times have whole seconds: what is issued in this one must be hit too. */
    static Instant limit(Instant now) {
        return now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    /** Whether a role's policy says the same; white space is nobody's change. */
    boolean isSameAs(String other) {
        return document.equals(other.replaceAll("\\s", ""));
    }
}
