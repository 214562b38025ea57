/**
 * AWS Step Functions: state machines that do nothing but take their time, and end as they were
 * told.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.workflow;
