/** KMS as far as the state of keys goes. */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.kms;
