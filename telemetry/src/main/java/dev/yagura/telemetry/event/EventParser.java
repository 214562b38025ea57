package dev.yagura.telemetry.event;

/**
 * Turns the lines of one source into events. Not for several threads. A line that is not understood
 * is counted as a problem and never thrown.
 */
public interface EventParser {
    /** One line, without its end. */
    void line(String line);

    /**
     * Every line that there is was given, and time has passed: completes what waited for lines that
     * will hardly come.
     *
     * @param nowNanos monotonic, as of {@link System#nanoTime}
     */
    void tick(long nowNanos);

    /** The source has ended: completes everything. */
    void finish();

    /**
     * True while lines already taken have not become events: their source's position must not be
     * saved beyond them.
     */
    boolean isHolding();
}
