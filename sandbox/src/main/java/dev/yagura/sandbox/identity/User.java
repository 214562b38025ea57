package dev.yagura.sandbox.identity;

/** An IAM user with one access key. */
public record User(
        String name, String id, String arn, String accessKeyId, String secretKey, Policy policy) {}
