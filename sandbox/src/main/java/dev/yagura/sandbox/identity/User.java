package dev.yagura.sandbox.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An IAM user. */
public record User(
        String name,
        String id,
        String arn,
        Policy policy,
        Map<String, String> tags,
        Instant createdAt,
        List<AccessKey> keys) {
    public User {
        tags = Map.copyOf(tags);
        keys = List.copyOf(keys);
    }
}
