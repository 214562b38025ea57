/**
 * Canaries: proof that a match still travels to an alert, for each log source that rules use and
 * telemetry arrives for.
 *
 * <p>{@link dev.yagura.detection.canary.CanaryRules} are compiled with the rules in force. {@link
 * dev.yagura.detection.canary.CanaryRounds}, in one replica at a time, has ingest put the same
 * made-up events into every partition of the log. The partition's reader, wherever it runs, matches
 * them, writes an alert that it takes back, and commits what came of it as a {@link
 * dev.yagura.detection.canary.CanaryRead} together with its cursor. A canary is proven when a round
 * came through every partition.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.canary;
