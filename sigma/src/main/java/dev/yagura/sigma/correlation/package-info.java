/**
 * What correlations make of the matches of other rules, as a pure function of the set of those
 * matches: their order of arrival, duplicates and how they come in portions make no difference.
 *
 * <p>{@link dev.yagura.sigma.correlation.CorrelationGraph} says which rules and correlations take
 * part in which. {@link dev.yagura.sigma.correlation.CorrelationDefinition} says which group a
 * match of a rule belongs to. {@link dev.yagura.sigma.correlation.GroupState} holds the matches of
 * one group that can still matter and says what changes with each portion; {@link
 * dev.yagura.sigma.correlation.CorrelationSet} evaluates everything at once, through chains of
 * correlations.
 *
 * <p>A match e <em>qualifies</em> when the window (e.time - timespan, e.time] that ends at it meets
 * the condition. Matches that qualify less than one timespan after the previous one belong to the
 * same {@link dev.yagura.sigma.correlation.CorrelationMatch}.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.correlation;
