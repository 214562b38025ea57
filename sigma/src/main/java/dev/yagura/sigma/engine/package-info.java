/**
 * Matching. Rules of all packs are compiled into one immutable {@link
 * dev.yagura.sigma.engine.EventMatcher}; one event goes in, the rules that it met come out, each
 * with the values that made it so.
 *
 * <p>{@link dev.yagura.sigma.taxonomy.Taxonomy} says which events a Sigma log source means and
 * where its fields are. {@link dev.yagura.sigma.engine.RuleSetCompiler} puts the rules of each
 * source in a {@code SourceRules}: the literals of all of them share one automaton a field; what an
 * event's values hit makes a few rules candidates, and only their conditions are evaluated.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.engine;
