/**
 * Rules in force. At start {@link dev.yagura.detection.rule.RuleCatalog} reads the project's own
 * pack and every configured folder and has what loads compiled; the rule set's number comes from
 * the {@link dev.yagura.detection.rule.RuleSetStore}, so that replicas with the same rules agree on
 * it. {@link dev.yagura.detection.rule.RuleEndpoint} serves RuleService.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.rule;
