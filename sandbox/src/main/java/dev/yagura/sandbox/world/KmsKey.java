package dev.yagura.sandbox.world;

/**
 * A key of KMS.
 *
 * @param id its ARN
 * @param awsManaged AWS's own key for EBS, which nobody can share
 * @param enabled whether it can be used
 */
public record KmsKey(String id, boolean awsManaged, boolean enabled) implements Resource {}
