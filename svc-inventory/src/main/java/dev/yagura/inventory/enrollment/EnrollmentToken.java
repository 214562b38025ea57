package dev.yagura.inventory.enrollment;

import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.UUID;

/**
 * A token that agents enrol with.
 *
 * @param scope that its agents belong to
 * @param createdBy id of the bearer token it was made with
 * @param maxUses agents that may enrol with it
 * @param uses agents that did
 */
public record EnrollmentToken(
        UUID id,
        Scope scope,
        String description,
        String createdBy,
        Instant createTime,
        Instant expireTime,
        int maxUses,
        int uses) {}
