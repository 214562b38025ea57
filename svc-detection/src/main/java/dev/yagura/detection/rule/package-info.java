/**
 * Rules in force, and their life. {@link dev.yagura.detection.rule.RuleCatalog} keeps a book of all
 * rules (the project's own pack, folders, and what the API stored), linked to each other, and
 * compiles it into the {@link dev.yagura.detection.rule.RuleSnapshot} that detection takes for each
 * batch; RuleMappings knows by which tables all of that is done; the {@link
 * dev.yagura.detection.rule.RuleFollower} of each replica notices what changed. Changes are decided
 * in RuleEditor, RuleExceptions and RulePackEditor, and stored by the RuleStore, whose generation
 * grows with each. A match becomes what its snapshot says ({@link
 * dev.yagura.detection.rule.MatchOutcome}) and is counted ({@link
 * dev.yagura.detection.rule.RuleCounts}) with the cursor. {@link
 * dev.yagura.detection.rule.RuleEndpoint} serves RuleService.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.rule;
