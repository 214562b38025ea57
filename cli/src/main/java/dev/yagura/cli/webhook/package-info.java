/** The loss webhook: list. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.webhook;
