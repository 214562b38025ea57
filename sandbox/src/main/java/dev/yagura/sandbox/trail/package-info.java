/**
 * CloudTrail's event history, as far as somebody asks it: which roles were assumed, and by whom.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.trail;
