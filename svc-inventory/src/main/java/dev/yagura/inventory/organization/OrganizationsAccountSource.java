package dev.yagura.inventory.organization;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.Account;

/** Organizations' ListAccounts, by the role of the account that may. */
@ApplicationScoped
public class OrganizationsAccountSource implements AccountSource, AutoCloseable {
    private final AwsClients clients;
    private final Optional<Scope> lister;
    private @Nullable OrganizationsClient client;

    @Inject
    OrganizationsAccountSource(AwsClients clients, Settings settings) {
        this(clients, OrganizationConfig.from(settings).lister());
    }

    public OrganizationsAccountSource(AwsClients clients, Optional<Scope> lister) {
        this.clients = clients;
        this.lister = lister;
    }

    @Override
    public List<ListedAccount> accounts() {
        Scope asked = lister.orElseThrow();
        List<ListedAccount> accounts =
                client(asked).listAccountsPaginator().stream()
                        .flatMap(page -> page.accounts().stream())
                        .map(account ->
                                new ListedAccount(account.id(), account.name(), state(account)))
                        .toList();
        // Whoever may list is a member too: a list without it is not the whole one.
        if (accounts.stream().noneMatch(each -> each.id().equals(asked.getAccountId()))) {
            throw new IllegalStateException(
                    "Organizations' list of %d accounts lacks %s, which asked for it; it is not believed"
                            .formatted(accounts.size(), asked.getAccountId()));
        }
        return accounts;
    }

    /** Status is the older word for it, which AWS retires. */
    private static String state(Account account) {
        String state = account.stateAsString();
        return state == null ? String.valueOf(account.statusAsString()) : state;
    }

    private synchronized OrganizationsClient client(Scope asked) {
        if (client == null) {
            client = clients.globalClient(OrganizationsClient.builder(), asked);
        }
        return client;
    }

    @PreDestroy
    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
