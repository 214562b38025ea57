package dev.yagura.telemetry.event;

/** Hears of lines that a parser did not understand. */
@FunctionalInterface
public interface BadLines {
    /**
     * One line was not understood, and nothing of it became an event.
     *
     * @param reason in words, without the line
     */
    void add(String line, String reason);
}
