package dev.yagura.common.persistence;

import com.zaxxer.hikari.HikariDataSource;
import dev.yagura.common.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The service's database, for injection and for its persistence unit. */
@ApplicationScoped
class DatabaseProducer {
    private final Settings settings;
    private final String service;

    @Inject
    DatabaseProducer(Settings settings, @ConfigProperty(name = "yagura.service") String service) {
        this.settings = settings;
        this.service = service;
    }

    @Produces
    @Singleton
    DatabaseConfig config() {
        return DatabaseConfig.from(settings, service);
    }

    @Produces
    @Singleton
    @Named("yagura")
    DataSource pool(DatabaseConfig config) {
        return ConnectionPool.open(config, "yagura-" + service);
    }

    void close(@Disposes @Named("yagura") DataSource pool) {
        ((HikariDataSource) pool).close();
    }
}
