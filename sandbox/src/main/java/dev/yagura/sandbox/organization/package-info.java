/**
 * The accounts that there are, each with a directory of its own and its regions, and Organizations,
 * which lists them.
 */
@NullMarked
package dev.yagura.sandbox.organization;

import org.jspecify.annotations.NullMarked;
