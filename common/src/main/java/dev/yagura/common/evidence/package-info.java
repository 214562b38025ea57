/**
 * The chain of evidence as whoever writes it and whoever verifies it must agree on: {@link
 * dev.yagura.common.evidence.CanonicalJson} makes a record's bytes, {@link
 * dev.yagura.common.evidence.EvidenceLink} its hash, {@link
 * dev.yagura.common.evidence.EvidenceChain} finds the first record that does not fit.
 * docs/decisions/0014 says what a chain proves.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.evidence;
