/** Response actions: plan, apply, undo, show, list, approve, reject, watch. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.action;
