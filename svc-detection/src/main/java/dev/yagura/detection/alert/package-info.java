/**
 * Alerts. A {@link dev.yagura.detection.alert.Sighting} is one rule met by one event; {@link
 * dev.yagura.detection.alert.AlertGroup} adds it to the alert of its rule, host, entity and period.
 * Both are plain functions of the log, so a replay gives the same ids, counts and matches. {@link
 * dev.yagura.detection.alert.SqlAlertStore} writes in the transaction of the cursor; reads and
 * watches go through {@link dev.yagura.detection.alert.AlertStore}.
 *
 * <p>An alert is stored as the contract's message, with columns for what is queried.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.alert;
