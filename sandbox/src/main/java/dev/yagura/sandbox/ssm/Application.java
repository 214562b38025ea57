package dev.yagura.sandbox.ssm;

import org.jspecify.annotations.Nullable;

/**
 * A package on a node, as its SSM agent reports it under AWS:Application.
 *
 * @param installedTime as it is reported, such as "2026-03-01T08:00:00Z"; what is null is not
 *     reported
 */
public record Application(
        String name,
        String version,
        @Nullable String release,
        @Nullable String architecture,
        @Nullable String publisher,
        @Nullable String installedTime) {
    public Application {
        if (name == null || version == null) {
            throw new IllegalArgumentException("a package needs name and version");
        }
    }
}
