/**
 * Sigma 2.1 as text and as a tree. {@link dev.yagura.sigma.SigmaParser} turns a file into one
 * {@link dev.yagura.sigma.SigmaDocument} for each YAML document: a rule, or what is wrong with it
 * at which line and column. Modifiers are resolved here, so a {@link dev.yagura.sigma.Detection}
 * knows only fields and patterns. Nothing here knows events.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma;
