package dev.yagura.agent.event;

import dev.yagura.telemetry.event.BadLines;

/** Counts lines of one source that were not understood, and says so. */
public final class BadLineReport implements BadLines {
    private static final int SHOWN = 60;

    private final String source;
    private final AgentCounters counters;
    private final Problems problems;
    private long count;

    public BadLineReport(String source, AgentCounters counters, Problems problems) {
        this.source = source;
        this.counters = counters;
        this.problems = problems;
    }

    /** A line that is not understood; its beginning is shown without control characters. */
    @Override
    public void add(String line, String reason) {
        count++;
        counters.badLine();
        String shown =
                line.substring(0, Math.min(SHOWN, line.length())).replaceAll("\\p{Cntrl}", "?");
        problems.say(
                "lines:" + source,
                source
                        + ": "
                        + count
                        + " lines not understood, the last one: "
                        + reason
                        + ": "
                        + shown);
    }

    public long count() {
        return count;
    }
}
