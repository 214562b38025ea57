package dev.yagura.response.task;

import dev.yagura.common.config.Settings;
import dev.yagura.response.isolation.IsolationConfig;
import dev.yagura.response.lifecycle.LifecycleConfig;
import java.time.Duration;

/**
 * What tasks have in common with instances.
 *
 * @param minimumHealthy that must be left in a service
 * @param poll pause between two looks at a task that stops
 */
record TaskLimits(int minimumHealthy, Duration poll) {
    static TaskLimits from(Settings settings) {
        return new TaskLimits(
                IsolationConfig.from(settings).minimumHealthy(),
                LifecycleConfig.from(settings).poll());
    }
}
