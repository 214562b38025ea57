/**
 * The second stage: matches of rules that take part in a correlation are put into an inbox in the
 * transaction of the log's cursor, and taken out of it group by group, from whatever host they are.
 * A replica takes a shard of the groups by locking its row for one transaction, so a group has one
 * owner at a time and nothing has to be renewed.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.correlation;
