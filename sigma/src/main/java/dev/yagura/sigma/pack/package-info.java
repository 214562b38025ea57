/**
 * Packs of rules: a folder, or the project's own. {@link dev.yagura.sigma.pack.RuleLoader} turns
 * each document of a pack into a {@link dev.yagura.sigma.pack.Rule}, whatever its state.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.pack;
