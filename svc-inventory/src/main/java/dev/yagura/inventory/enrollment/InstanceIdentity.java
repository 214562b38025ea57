package dev.yagura.inventory.enrollment;

/**
 * What AWS signed about an instance.
 *
 * @param instanceId for example "i-0123456789abcdef0"
 */
public record InstanceIdentity(String account, String region, String instanceId) {}
