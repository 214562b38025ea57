package dev.yagura.ingest.telemetry;

/**
 * How far the server's clock is ahead of an agent's.
 *
 * <p>Each message gives a sample: received minus sent. Waiting on the way only makes it greater, so
 * the least of the last samples is the best; a clock that is set forward shows at once, one that is
 * set back after {@value #SAMPLES} messages. Guarded by its stream.
 */
final class ClockOffset {
    private static final int SAMPLES = 16;

    private final long[] samples = new long[SAMPLES];
    private int taken;

    /**
     * Takes a sample and estimates.
     *
     * @param sentNanos agent's clock, nanoseconds UTC; 0 is not known
     * @param receivedNanos server's clock
     * @return nanoseconds to add to the agent's times; 0 before the first sample
     */
    long estimate(long sentNanos, long receivedNanos) {
        if (sentNanos != 0) {
            samples[taken++ % SAMPLES] = receivedNanos - sentNanos;
        }
        int known = Math.min(taken, SAMPLES);
        long least = known == 0 ? 0 : Long.MAX_VALUE;
        for (int i = 0; i < known; i++) {
            least = Math.min(least, samples[i]);
        }
        return least;
    }
}
