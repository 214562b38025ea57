/**
 * Proof: a chain of records in which no action's change is missing. The store of actions gives each
 * write to {@link dev.yagura.response.evidence.EvidenceLog} in the write's own transaction; {@link
 * dev.yagura.response.evidence.ActionChanges} decides what the write changed; {@link
 * dev.yagura.response.evidence.EvidenceEndpoint} hands out the chain, which callers verify
 * themselves. Why, and what it does not prove: docs/decisions/0014.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.evidence;
