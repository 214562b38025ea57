package dev.yagura.bench.measure;

import java.time.Duration;

/**
 * Of a number of times.
 *
 * @param count how many
 * @param p50 half were at most this
 * @param p99 99 of 100 were at most this
 * @param max the longest
 */
public record Quantiles(long count, Duration p50, Duration p99, Duration max) {}
