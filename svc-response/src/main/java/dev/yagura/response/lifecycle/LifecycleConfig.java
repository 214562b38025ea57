package dev.yagura.response.lifecycle;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "lifecycle".
 *
 * @param deadline how long EC2 may take to stop, start or terminate an instance
 * @param poll pause between two looks at it, or at a task that stops
 */
public record LifecycleConfig(Duration deadline, Duration poll) {

    public static LifecycleConfig from(Settings settings) {
        Settings lifecycle = settings.section("lifecycle");
        return new LifecycleConfig(
                lifecycle.duration(
                        "deadline",
                        Duration.ofMinutes(30),
                        "How long stopping, starting or terminating an instance may take, with"
                                + " connections that drain first, and restoring a volume."),
                lifecycle.duration(
                        "poll",
                        Duration.ofSeconds(3),
                        "Pause between two looks at an instance that stops, starts or ends, a volume"
                                + " that is moved, or a task that stops."));
    }
}
