/**
 * The `yagura` command: a client of the public API and nothing else. One package a noun; each holds
 * the subcommands of that noun. {@code connection} reaches the gateway, {@code output} prints.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli;
