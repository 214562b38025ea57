/**
 * The log's reader. {@link dev.yagura.detection.feed.FeedReader} leases partitions and runs one
 * {@link dev.yagura.detection.feed.PartitionReader} for each: it unpacks, keeps the process tables,
 * matches, and hands {@link dev.yagura.detection.feed.Progress} to the one {@link
 * dev.yagura.detection.feed.Committer} of the process, which commits all partitions together: the
 * leases are checked first, then alerts, incidents, cursors and marks, then the change feeds.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.feed;
