/** The page with the figures: what was measured, on which machine, from which commit. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.report;
