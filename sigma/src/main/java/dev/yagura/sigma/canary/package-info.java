/**
 * Canaries: for each log source and sensor a made-up event and a rule that only it meets. {@link
 * dev.yagura.sigma.canary.Canaries} reads them from a file that repeats where the mapping tables
 * find fields, so that a table that is changed by mistake is noticed by who runs both.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.canary;
