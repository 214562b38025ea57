package dev.yagura.response.webhook;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.response.outbox.DeliveryStore;
import dev.yagura.response.outbox.DeliveryStore.Disabled;
import dev.yagura.response.outbox.Subscriptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** The endpoints of the configuration, and which of them take nothing any more. */
@ApplicationScoped
public class WebhookEndpoints implements Subscriptions {
    private final WebhookConfig config;
    private final DeliveryStore store;

    /**
     * @throws InvalidSettingException a secret cannot be read, or an address is none to send to
     */
    @Inject
    WebhookEndpoints(Settings settings, DeliveryStore store) {
        this.config = WebhookConfig.from(settings);
        this.store = store;
        config.endpoints().forEach(endpoint -> check(config, endpoint));
    }

    /**
     * Of names, the addresses are looked up at each attempt.
     *
     * @throws InvalidSettingException a secret cannot be read, or an address is none to send to
     */
    static void check(WebhookConfig config, EndpointConfig endpoint) {
        String prefix = "endpoint." + endpoint.name();
        try {
            WebhookSecrets.read(endpoint.secretFile());
            String host = EndpointConfig.host(endpoint.url());
            if (EndpointConfig.isLiteral(host)) {
                new Destinations(config.privateNetworks()).resolve(host);
            }
        } catch (UnusableSecretException e) {
            throw WebhookConfig.invalid(prefix + ".secret-file", String.valueOf(e.getMessage()));
        } catch (UnknownHostException e) {
            throw WebhookConfig.invalid(prefix + ".url", String.valueOf(e.getMessage()));
        }
    }

    public WebhookConfig config() {
        return config;
    }

    public List<EndpointConfig> all() {
        return config.endpoints();
    }

    public Optional<EndpointConfig> find(String name) {
        return all().stream().filter(endpoint -> endpoint.name().equals(name)).findFirst();
    }

    /** For people. */
    public String names() {
        return config.names();
    }

    /** Messages that name their endpoint are for nobody else. */
    @Override
    public List<String> endpointsOf(String eventType) {
        return all().stream()
                .filter(endpoint -> endpoint.takes(eventType))
                .map(EndpointConfig::name)
                .toList();
    }

    /** Why it takes nothing, with the configuration that it has now. */
    public Optional<Disabled> disabled(EndpointConfig endpoint) {
        return store.disabled(endpoint.name())
                .filter(each -> each.fingerprint().equals(endpoint.fingerprint()));
    }
}
