package dev.yagura.ingest.ledger;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "ledger".
 *
 * @param foldPeriod between two moves of closed hours to PostgreSQL
 * @param quiet an hour is closed when it is over and nothing was counted for this long
 */
public record LedgerConfig(Duration foldPeriod, Duration quiet) {

    public static LedgerConfig from(Settings settings) {
        Settings ledger = settings.section("ledger");
        return new LedgerConfig(
                ledger.duration(
                        "fold-period",
                        Duration.ofMinutes(1),
                        "Time between two moves of closed hours to PostgreSQL."),
                ledger.duration(
                        "quiet",
                        Duration.ofMinutes(5),
                        "An hour is closed when it is over and nothing was counted for this long."));
    }
}
