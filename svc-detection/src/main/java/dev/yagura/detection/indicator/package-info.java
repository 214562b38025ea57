/**
 * Lists of indicators and their matches. {@link dev.yagura.detection.indicator.IndicatorCatalog}
 * decides, {@link dev.yagura.detection.indicator.SqlIndicatorStore} keeps; {@link
 * dev.yagura.detection.indicator.LoadedIndicators} has a fingerprint of each indicator in memory
 * and asks the store about the few values that have one; {@link
 * dev.yagura.detection.indicator.IndicatorMatcher} makes matches of what is valid at event time.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.detection.indicator;
