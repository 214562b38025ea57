/**
 * Indicators without any service: what their values are in their normal form ({@link
 * dev.yagura.indicator.IndicatorKey}), the files they come in ({@link
 * dev.yagura.indicator.CsvIndicators}, {@link dev.yagura.indicator.StixIndicators}), and how events
 * are searched for a million of them ({@link dev.yagura.indicator.IndicatorIndex}, {@link
 * dev.yagura.indicator.EventScanner}).
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.indicator;
