package dev.yagura.sandbox.identity;

import java.time.Instant;

/** An instance profile with its one role. */
public record InstanceProfile(
        String name, String id, String arn, String roleName, Instant createdAt) {}
