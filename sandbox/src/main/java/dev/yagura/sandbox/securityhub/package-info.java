/**
 * Security Hub as far as findings of one's own go: whether it is enabled, findings that are
 * imported, and read by their id.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.securityhub;
