/**
 * Incidents: alerts of one host that belong together, with cause, reach and goal.
 *
 * <p>A sighting joins by {@link dev.yagura.detection.incident.JoinKey}s (process tree, a file that
 * one tree wrote and the other runs, role session, remote address); {@link
 * dev.yagura.detection.incident.IncidentBoard} decides which incident, merges those that turn out
 * to be one, and opens new ones; {@link dev.yagura.detection.incident.IncidentGraph} keeps what is
 * in it; {@link dev.yagura.detection.incident.Assessment} says root cause and scores. An incident
 * is stored as the contract's message, with columns for what is queried.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.incident;
