package dev.yagura.common.config;

import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of the running service. The service's own microprofile-config.properties names it:
 * "yagura.service=ingest" reads "yagura.ingest.…".
 */
@ApplicationScoped
class SettingsProducer {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsProducer.class);

    /** Before migrations (100) and servers (10,000): a wrong key stops the start before it acts. */
    private static final int FIRST = 10;

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

    void check(
            @Observes @Priority(FIRST) @Initialized(ApplicationScoped.class) Object event,
            BeanManager beans) {
        readEverything(beans);
        settings.refuseUnknown(config.getPropertyNames());
    }

    /**
     * Makes every bean that takes settings, and what such beans produce, so that each key has been
     * read before the check.
     */
    private static void readEverything(BeanManager beans) {
        Set<Bean<?>> all = beans.getBeans(Object.class, Any.Literal.INSTANCE);
        Set<Class<?>> configured =
                all.stream()
                        .filter(SettingsProducer::takesSettings)
                        .map(Bean::getBeanClass)
                        .collect(Collectors.toSet());
        for (Bean<?> bean : all) {
            if (configured.contains(bean.getBeanClass())) {
                Object reference =
                        beans.getReference(bean, Object.class, beans.createCreationalContext(bean));
                // The proxy of a normal scope makes its bean at the first call.
                LOG.atTrace().addKeyValue(LogKeys.KEY, reference.toString()).log("configured");
            }
        }
    }

    private static boolean takesSettings(Bean<?> bean) {
        return bean.getInjectionPoints().stream()
                .anyMatch(point -> point.getType().equals(Settings.class));
    }
}
