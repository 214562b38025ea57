/** Rules in force: list, show. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.rule;
