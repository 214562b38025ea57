package dev.yagura.common.config;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The settings of the running service. The service's own microprofile-config.properties names it:
 * "yagura.service=ingest" reads "yagura.ingest.…".
 */
@ApplicationScoped
class SettingsProducer {

    /** After every bean that reads keys at start; before anything is served would be too early. */
    private static final int AFTER_SERVERS = 20_000;

    private final Config config;
    private final Settings settings;

    @Inject
    SettingsProducer(Config config, @ConfigProperty(name = "yagura.service") String service) {
        this.config = config;
        this.settings =
                new Settings(
                        "yagura." + service, name -> config.getOptionalValue(name, String.class));
    }

    @Produces
    @Singleton
    Settings settings() {
        return settings;
    }

    void refuseUnknown(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        settings.refuseUnknown(config.getPropertyNames());
    }
}
