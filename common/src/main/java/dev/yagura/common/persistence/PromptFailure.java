package dev.yagura.common.persistence;

import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Lets a call fail soon while the database is away; each persistence unit names it in
 * eclipselink.session.customizer. By itself EclipseLink tries a failed read again, with pauses of
 * five seconds: callers do not wait that long, and to try again is theirs.
 */
public final class PromptFailure implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        session.getLogin().setQueryRetryAttemptCount(0);
    }
}
