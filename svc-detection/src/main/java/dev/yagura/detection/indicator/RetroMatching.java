package dev.yagura.detection.indicator;

import dev.yagura.proto.detection.v1.RetroMatchResponse;
import java.util.Set;

/** Looks for indicators in what the log still keeps. */
public interface RetroMatching {

    /** Hears how far it is. */
    interface Listener {
        void progress(RetroMatchResponse progress) throws InterruptedException;
    }

    /**
     * Reads the kept log once, and makes the alerts that are missing.
     *
     * @param accounts whose hosts are looked at; empty means every one
     * @throws dev.yagura.common.error.DependencyUnavailableException the log or the database is
     *     away
     */
    void run(IndicatorMatcher matcher, Set<String> accounts, Listener listener)
            throws InterruptedException;
}
