/** Amazon SNS and Amazon EventBridge, as far as one publishes to them: nobody receives anything. */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.messaging;
