/**
 * Watches that skip nothing.
 *
 * <p>A store that changes a watched resource appends its id to a {@link
 * dev.yagura.common.watch.ChangeFeed} as the last statement of the transaction; the feed numbers
 * changes densely in commit order (table feed_change, see db/template/change_feed.sql). One {@link
 * dev.yagura.common.watch.ChangeWatcher} a feed and process reads new rows: at once after a commit
 * of this process, within 50 ms after one of another. It keeps the newest changes in a ring of
 * fixed size. Each {@link dev.yagura.common.watch.ChangeSubscription} is only a number: it copies
 * pages from the ring at its own pace, or reads the table where the ring begins later, and holds no
 * connection and no queue in between.
 *
 * <p>The row has the id of what changed, not its content: a watcher loads the newest state, so a
 * resource that changes a hundred times while a slow client reads is sent once.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.watch;
