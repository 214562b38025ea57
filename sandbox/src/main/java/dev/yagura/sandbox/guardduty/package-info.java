/**
 * GuardDuty of an account and region: whether it has a detector, and what of it is on. Findings are
 * not modelled.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.guardduty;
