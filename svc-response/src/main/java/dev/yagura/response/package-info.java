/**
 * Actions on the world. {@link dev.yagura.response.action} stores an action, decides its state and
 * runs it; {@link dev.yagura.response.evidence} keeps the proof of each of its changes; {@link
 * dev.yagura.response.isolation} knows how an EC2 instance is isolated and released; {@link
 * dev.yagura.response.credentials} how sessions of its role are contained; {@link
 * dev.yagura.response.host} how its processes are killed and its files moved; {@link
 * dev.yagura.response.function} how a Lambda function is cut off, {@link dev.yagura.response.task}
 * how a task of ECS is, and {@link dev.yagura.response.invocation} how one of the operator's is
 * invoked; {@link dev.yagura.response.proposal} turns critical incidents into proposals that a
 * person approves; {@link dev.yagura.response.outbox} keeps what is told outside until {@link
 * dev.yagura.response.webhook} has sent it; {@link dev.yagura.response.ticket} and {@link
 * dev.yagura.response.outbound} let an action tell or start something outside.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response;
