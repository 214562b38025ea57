/**
 * Who may call what: one explicit rule for every method of the contracts. A method without a rule
 * stops the start, with its name.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.access;
