package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.organization.AccountStore;
import dev.yagura.inventory.organization.OrganizationConfig;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** What is read now: the configured scopes, and those of every account that is listed as active. */
@ApplicationScoped
public class ReadScopes {
    private final List<Scope> configured;
    private final OrganizationConfig organization;
    private final AccountStore accounts;

    @Inject
    ReadScopes(Settings settings, AccountStore accounts) {
        this(ReadingConfig.from(settings).scopes(), OrganizationConfig.from(settings), accounts);
    }

    ReadScopes(List<Scope> configured, OrganizationConfig organization, AccountStore accounts) {
        this.configured = List.copyOf(configured);
        this.organization = organization;
        this.accounts = accounts;
    }

    /** The list of accounts first, where there is one; then the configured scopes, in order. */
    List<AssetSet> sets() {
        Optional<Scope> lister = organization.lister();
        if (lister.isEmpty()) {
            return sets(configured);
        }
        SequencedSet<Scope> scopes = new LinkedHashSet<>(configured);
        String partition = lister.get().getPartition();
        for (String account : accounts.active(partition)) {
            organization
                    .regions()
                    .forEach(region -> scopes.add(Scopes.of(partition, account, region)));
        }
        List<AssetSet> sets = new ArrayList<>();
        sets.add(AssetSets.accounts(lister.get()));
        sets.addAll(sets(List.copyOf(scopes)));
        return sets;
    }

    /** Those whose instances are read now. */
    public List<Scope> scopes() {
        return sets().stream().filter(AssetSets::isInstances).map(AssetSet::scope).toList();
    }

    private static List<AssetSet> sets(List<Scope> scopes) {
        return Stream.concat(AssetSets.of(scopes).stream(), AssetSets.accountFacts(scopes).stream())
                .toList();
    }

    /** Regions of an account that are read however Organizations lists it. */
    List<String> configuredRegions(String partition, String accountId) {
        return configured.stream()
                .filter(scope -> scope.getPartition().equals(partition))
                .filter(scope -> scope.getAccountId().equals(accountId))
                .map(Scope::getRegion)
                .toList();
    }
}
