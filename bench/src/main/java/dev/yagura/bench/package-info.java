/**
 * Figures and faults of the whole platform, seen from outside: everything here starts Yagura with
 * its launcher and talks to the gateway like any client.
 *
 * <p>{@code platform} starts, kills and observes processes; {@code load} makes batches of events;
 * {@code client} enrols agents, sends batches and reads alerts; {@code measure} takes one figure
 * each; {@code report} writes the table. The fault campaigns are tests of this module.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench;
