/**
 * Evidence that is taken from AWS's side, without the host: snapshots of an instance's volumes.
 *
 * <p>{@link dev.yagura.response.forensics.SnapshotSurvey} reads, {@link
 * dev.yagura.response.forensics.SnapshotPlan} writes down what would be done, {@link
 * dev.yagura.response.forensics.SnapshotTaking} does it over hours, each step known by tags, so
 * that a call whose answer was lost is not made twice. {@link
 * dev.yagura.response.forensics.SnapshotDeletion} undoes it.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.forensics;
