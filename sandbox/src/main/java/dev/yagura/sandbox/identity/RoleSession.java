package dev.yagura.sandbox.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What conditions of a role's policies can ask about a session.
 *
 * @param userId {@code aws:userid}: the role's id and the session's name
 * @param issuedAt {@code aws:TokenIssueTime}, in whole seconds
 * @param sourceInstanceArn {@code ec2:SourceInstanceARN}: the instance that got it from its
 *     metadata service, wherever it is used from; null for one from AssumeRole
 */
public record RoleSession(
        String roleName, String userId, Instant issuedAt, @Nullable String sourceInstanceArn) {}
