package dev.yagura.detection.rule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Alerts that shadow matches would have made, as one partition remembers them. Not thread-safe. An
 * alert's matches come close together, so the newest ids are enough to count each alert about once;
 * around a restart some are counted twice or not at all.
 */
public final class ShadowAlerts {
    private static final int REMEMBERED = 2_000;

    private final Map<UUID, Boolean> seen =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
                    return size() > REMEMBERED;
                }
            };

    /** Whether this was not asked before. */
    public boolean isNew(UUID alertId) {
        return seen.put(alertId, true) == null;
    }
}
