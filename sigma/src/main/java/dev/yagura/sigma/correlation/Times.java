package dev.yagura.sigma.correlation;

/** Nanoseconds that stop at the ends of their range. */
final class Times {
    private Times() {}

    static long minus(long timeNs, long spanNs) {
        return timeNs < Long.MIN_VALUE + spanNs ? Long.MIN_VALUE : timeNs - spanNs;
    }

    static long plus(long timeNs, long spanNs) {
        return timeNs > Long.MAX_VALUE - spanNs ? Long.MAX_VALUE : timeNs + spanNs;
    }
}
