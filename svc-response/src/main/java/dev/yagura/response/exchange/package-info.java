/**
 * Playbooks in the forms of other tools: CACAO 2.0, both ways. See docs/reference/playbooks.md for
 * what of it is read.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.exchange;
