/**
 * The account that a sandbox starts with: {@code seed.yaml} beside this package's resources, or a
 * file of the same form. {@link dev.yagura.sandbox.seed.Seed} is its shape, {@link
 * dev.yagura.sandbox.seed.Planting} makes records of it.
 */
@NullMarked
package dev.yagura.sandbox.seed;

import org.jspecify.annotations.NullMarked;
