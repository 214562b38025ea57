/**
 * What detection covers, as far as it is proven. {@link dev.yagura.detection.coverage.RuleProofs}
 * runs the cases and regression data of rules; {@link
 * dev.yagura.detection.coverage.AttackCoverages} puts together which techniques are covered by
 * rules that alert, are proven, and whose telemetry arrives.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.coverage;
