/**
 * The AWS account that the sandbox plays: VPC, subnets, routes, network ACLs, security groups,
 * interfaces, instances and their tags, as immutable records in one table a kind.
 *
 * <p>{@code seed} fills it, the operations in {@code ec2} replace records in it, {@code flow} reads
 * it to decide what traffic passes. Callers hold the lock of {@code cloud.Cloud}; nothing here is
 * safe to use without it.
 */
@NullMarked
package dev.yagura.sandbox.world;

import org.jspecify.annotations.NullMarked;
