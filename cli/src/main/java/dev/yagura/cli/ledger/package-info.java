/** The loss ledger: list. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.ledger;
