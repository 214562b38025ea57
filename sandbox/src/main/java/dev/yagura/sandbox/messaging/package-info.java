/**
 * Amazon SNS and Amazon EventBridge, as far as one publishes to them, which nobody receives; and
 * Amazon SQS, whose queues AWS Config and tests fill.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.messaging;
