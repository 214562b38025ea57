/**
 * Indicators that the network itself blocks: addresses in a network ACL, a rule of a security group
 * that is taken away, a domain in the DNS of a VPC.
 *
 * <p>{@link dev.yagura.response.block.BlockProcedure} is one kind with three ways, of which the
 * target chooses one. Of each there is a survey of what was read, a preflight that refuses, a plan,
 * and the {@link dev.yagura.response.aws.Effect} that applies and undoes: it reads the world and
 * does what is missing, so that an answer that was lost does not matter.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.block;
