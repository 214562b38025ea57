package dev.yagura.agent.delivery;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "delivery" of the agent.
 *
 * @param firstRetry bound of the first back-off
 * @param lastRetry bound of the longest back-off
 * @param refusedRetry delay while the gateway refuses the agent
 * @param answerTimeout how long a message may stay without an answer
 * @param drainTime how long a stop waits for answers
 */
public record DeliveryConfig(
        Duration firstRetry,
        Duration lastRetry,
        Duration refusedRetry,
        Duration answerTimeout,
        Duration drainTime) {

    public static DeliveryConfig from(Settings settings) {
        Settings delivery = settings.section("delivery");
        return new DeliveryConfig(
                delivery.duration(
                        "first-retry",
                        Duration.ofMillis(500),
                        "Bound of the first back-off; each failure doubles it."),
                delivery.duration(
                        "last-retry", Duration.ofSeconds(30), "Bound of the longest back-off."),
                delivery.duration(
                        "refused-retry",
                        Duration.ofMinutes(1),
                        "Delay while the gateway refuses the agent."),
                delivery.duration(
                        "answer-timeout",
                        Duration.ofSeconds(60),
                        "How long a batch may stay without an answer before the stream is given up."),
                delivery.duration(
                        "drain-time", Duration.ofSeconds(5), "How long a stop waits for answers."));
    }
}
