/** Agents: list, show, revoke, and tokens to enrol them. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.agent;
