/**
 * Rules in force: list, show. Offline, without any service: {@link
 * dev.yagura.cli.rule.RulesScanCommand} evaluates files, {@link
 * dev.yagura.cli.rule.RulesVerifyCommand} says what a folder of rules is worth.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.rule;
