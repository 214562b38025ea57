/**
 * Volumes of instances that are put back from snapshots, or from recovery points of AWS Backup,
 * which are snapshots.
 *
 * <p>{@link dev.yagura.response.volume.VolumeSwap} is what restoring and its undo have in common:
 * which volume is at a device, and how another one gets there. The world is read before each call,
 * and EC2 needs some seconds for each: until then the action waits.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.volume;
