package dev.yagura.gateway.admission;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "admission" of the gateway.
 *
 * @param away how long known agents stay while the inventory is away
 */
public record AdmissionConfig(Duration away) {

    public static AdmissionConfig from(Settings settings) {
        Settings admission = settings.section("admission");
        return new AdmissionConfig(
                admission.duration(
                        "away",
                        Duration.ofMinutes(5),
                        "How long known agents stay while svc-inventory is away; then nobody is"
                                + " let in, since a revocation could be missed."));
    }
}
