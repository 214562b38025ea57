package dev.yagura.ingest.telemetry;

import dev.yagura.common.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/**
 * Reads the limits early, with all settings; what uses them is made later, when metrics are there.
 */
@ApplicationScoped
class TelemetryConfigProducer {
    private final TelemetryConfig config;

    @Inject
    TelemetryConfigProducer(Settings settings) {
        this.config = TelemetryConfig.from(settings);
    }

    @Produces
    @Singleton
    TelemetryConfig config() {
        return config;
    }
}
