/**
 * From the event log to alerts and incidents.
 *
 * <p>{@code feed} leases partitions of the log, reads them, and keeps {@code process} tables up to
 * date; {@code engine} matches; what matched becomes a sighting, which {@code alert} groups and
 * {@code incident} joins, in one transaction with the cursor. {@code asset} says what is known of a
 * host. The endpoints of both kinds serve reads, and watches by change feeds.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection;
