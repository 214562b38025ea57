/**
 * The EC2 operations that inventory and isolation call, one class for each kind of resource.
 *
 * <p>Every operation reads or replaces records of {@link dev.yagura.sandbox.world.World}; it checks
 * everything before it changes anything. {@link dev.yagura.sandbox.ec2.Ec2Api} lists them all.
 */
@NullMarked
package dev.yagura.sandbox.ec2;

import org.jspecify.annotations.NullMarked;
