package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * One for everything that reads AWS: the role of an account and region is assumed once, and not by
 * each source again.
 */
@ApplicationScoped
class AwsClientsProducer {
    @Produces
    @Singleton
    AwsClients clients(Settings settings) {
        return new AwsClients(AwsConfig.from(settings));
    }
}
