/**
 * Values of IP networking as AWS writes them: addresses, CIDR blocks, protocols, port ranges,
 * directions. No state and no AWS resource lives here; {@code world} builds its rules from these
 * values and {@code flow} evaluates them.
 */
@NullMarked
package dev.yagura.sandbox.net;

import org.jspecify.annotations.NullMarked;
