package dev.yagura.gateway.stream;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.identity.Principal;

/** A call that is being served. */
public interface OpenCall {
    Principal principal();

    boolean isStream();

    /** Ends it now, with the status of this error. Safe from any thread, more than once. */
    void terminate(YaguraException reason);
}
