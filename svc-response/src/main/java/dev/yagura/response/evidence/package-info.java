/**
 * Proof: a chain of records in which no action's change and no decision of a playbook's run is
 * missing. Their stores give each write to {@link dev.yagura.response.evidence.EvidenceLog} in the
 * write's own transaction; {@link dev.yagura.response.evidence.ActionChanges} and {@link
 * dev.yagura.response.evidence.RunChanges} decide what the write changed; {@link
 * dev.yagura.response.evidence.EvidenceEndpoint} hands out the chain, which callers verify
 * themselves. Why, and what it does not prove: docs/decisions/0014.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.evidence;
