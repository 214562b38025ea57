package dev.yagura.sandbox.world;

/**
 * A key of KMS.
 *
 * @param id its ARN
 * @param awsManaged AWS's own key for EBS, which nobody can share
 */
public record KmsKey(String id, boolean awsManaged) implements Resource {}
