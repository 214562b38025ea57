package dev.yagura.detection.rule;

import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.Backtest;
import java.time.Duration;

/** A look at kept events that ends with counts. */
interface Looking extends KeptEvents.Visitor {
    Backtest.Builder result();

    /** Between which times the events were, and so how many alerts a day. */
    final class Span {
        private static final Duration HOUR = Duration.ofHours(1);
        private static final Duration DAY = Duration.ofDays(1);

        private long firstNs = Long.MAX_VALUE;
        private long lastNs = Long.MIN_VALUE;

        /**
         * An event was seen.
         *
         * @param timeNs corrected
         */
        void saw(long timeNs) {
            firstNs = Math.min(firstNs, timeNs);
            lastNs = Math.max(lastNs, timeNs);
        }

        /** Says the times, and how many alerts there are, also for a day. */
        Backtest.Builder into(Backtest.Builder result, long alerts) {
            result.setAlerts(alerts);
            if (firstNs <= lastNs) {
                Duration seen = Duration.ofNanos(lastNs - firstNs);
                Duration least = seen.compareTo(HOUR) < 0 ? HOUR : seen;
                result.setFirstTime(Nanos.timestamp(firstNs))
                        .setLastTime(Nanos.timestamp(lastNs))
                        .setAlertsPerDay(alerts * (double) DAY.toNanos() / least.toNanos());
            }
            return result;
        }
    }
}
