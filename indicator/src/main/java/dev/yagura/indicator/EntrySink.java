package dev.yagura.indicator;

import java.io.IOException;

/** Takes what is read of an import, in the order of the file. */
public interface EntrySink {
    void entry(IndicatorEntry entry) throws IOException;

    /**
     * Something was left out.
     *
     * @param line one-based
     * @param subject column, or id of an object
     */
    void rejected(long line, String subject, String message);

    /** Worth knowing; nothing was left out. */
    void noticed(long line, String subject, String message);

    /** An object that is no indicator. */
    void ignored();
}
