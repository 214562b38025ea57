package dev.yagura.response.playbook;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "playbook".
 *
 * @param poll how often a run looks what became of its actions
 * @param lease a process that wrote nothing about its run for so long is taken for dead
 */
public record PlaybookConfig(Duration poll, Duration lease) {

    public static PlaybookConfig from(Settings settings) {
        Settings playbook = settings.section("playbook");
        return new PlaybookConfig(
                playbook.duration(
                        "poll",
                        Duration.ofSeconds(1),
                        "How often a run of a playbook looks what became of its actions."),
                playbook.duration(
                        "lease",
                        Duration.ofMinutes(2),
                        "A process that wrote nothing about its run for so long is taken for dead;"
                                + " longer than planning the actions of one step of all branches"
                                + " takes."));
    }
}
