/**
 * Filters as text: a subset of <a href="https://google.aip.dev/160">AIP-160</a> over the fields of
 * an asset that lists can answer quickly. {@code FilterParser} reads one; who keeps assets makes a
 * query of it, and who has one in hand asks whether it matches.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.filter;
