/**
 * What starts something outside of Yagura, in AWS: {@link
 * dev.yagura.response.outbound.PublishProcedure} publishes one message, {@link
 * dev.yagura.response.outbound.StateMachineProcedure} starts one execution and follows it. Where to
 * is an allow-list of the configuration.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.outbound;
