package dev.yagura.sandbox.world;

/**
 * Quotas that the sandbox enforces, AWS's defaults.
 *
 * @param groupsPerInterface security groups on one network interface
 * @param rulesPerGroup rules of one security group, each direction and address family apart
 * @param networkAclEntries entries of one network ACL, each direction and address family apart
 * @param tagsPerResource tags on one resource
 * @param pendingSnapshotsPerVolume snapshots of one volume that are not complete
 * @param snapshotCopies CopySnapshot calls that are not complete
 */
public record Limits(
        int groupsPerInterface,
        int rulesPerGroup,
        int networkAclEntries,
        int tagsPerResource,
        int pendingSnapshotsPerVolume,
        int snapshotCopies) {
    public static final Limits AWS_DEFAULTS = new Limits(5, 60, 20, 50, 5, 20);
}
