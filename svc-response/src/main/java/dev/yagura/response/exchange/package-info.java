/**
 * Playbooks in the forms of other tools: CACAO 2.0, both ways, and Amazon States Language. See
 * docs/reference/playbooks.md for what of them there is.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.exchange;
