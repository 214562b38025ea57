package dev.yagura.agent;

import dev.yagura.agent.delivery.DeliveryConfig;
import dev.yagura.agent.spool.BatchConfig;
import dev.yagura.agent.spool.SpoolConfig;
import dev.yagura.common.config.Settings;
import java.util.Map;
import java.util.Optional;

/** Settings of the agent that are rarely needed; what is needed each time are options. */
record AgentConfig(SpoolConfig spool, BatchConfig batch, DeliveryConfig delivery) {
    private static final String PREFIX = "yagura.agent";

    static AgentConfig from(Settings settings) {
        return new AgentConfig(
                SpoolConfig.from(settings),
                BatchConfig.from(settings),
                DeliveryConfig.from(settings));
    }

    /** From system properties, then environment variables; an unknown key fails. */
    static AgentConfig load() {
        Map<String, String> environment = System.getenv();
        Settings settings =
                new Settings(
                        PREFIX,
                        name ->
                                Optional.ofNullable(
                                        System.getProperty(name, environment.get(variable(name)))));
        AgentConfig config = from(settings);
        settings.refuseUnknown(System.getProperties().stringPropertyNames());
        settings.refuseUnknown(environment.keySet());
        return config;
    }

    private static String variable(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT);
    }
}
