package dev.yagura.bench.measure;

import java.time.Duration;

/**
 * How long it takes to isolate an instance of the AWS stand-in.
 *
 * @param first the first one after the start, as total
 * @param total from the request to read back and verified, one after the other
 * @param sandbox of it: inside the stand-in
 * @param overhead the rest: the platform's own, and the wire
 * @param calls API calls of one isolation, reads too
 * @param atOnce actions that were asked for at the same time
 * @param succeeded of these
 * @param allTime until the last of these had ended
 */
public record IsolationFigures(
        Duration first,
        Quantiles total,
        Quantiles sandbox,
        Quantiles overhead,
        double calls,
        int atOnce,
        int succeeded,
        Duration allTime) {}
