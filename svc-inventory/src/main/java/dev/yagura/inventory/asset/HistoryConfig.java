package dev.yagura.inventory.asset;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "history".
 *
 * @param retention how far back it is kept what assets were
 */
record HistoryConfig(Duration retention) {

    static HistoryConfig from(Settings settings) {
        return new HistoryConfig(
                settings.section("history")
                        .duration(
                                "retention",
                                Duration.ofDays(90),
                                "How far back it is kept what assets were."));
    }
}
