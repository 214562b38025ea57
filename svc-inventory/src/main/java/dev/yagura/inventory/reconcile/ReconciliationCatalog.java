package dev.yagura.inventory.reconcile;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Reconciliation;
import dev.yagura.inventory.asset.Reconciliations;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Decides which readings a request asks for. It reads nothing itself: it makes the readings due
 * that go on anyway, on whichever replica, and they tell how they went. Only a reading that begins
 * after the request counts, for what an earlier one saw may be older.
 */
@ApplicationScoped
class ReconciliationCatalog implements Reconciliations {
    /** Enough to read a million items at the pace that AWS Config allows. */
    private static final Duration LONGEST = Duration.ofHours(2);

    private static final int MOST_RUNNING = 20;
    private static final Duration RETRY = Duration.ofMinutes(1);

    /** About 1 MiB. */
    private static final int MOST_SETS = 5_000;

    private final ReconciliationStore store;
    private final Supplier<List<AssetSet>> read;
    private final Ids ids;

    @Inject
    ReconciliationCatalog(ReconciliationStore store, ReadScopes scopes, Ids ids) {
        this(store, () -> assets(scopes), ids);
    }

    /**
     * @param read what is read now
     */
    ReconciliationCatalog(ReconciliationStore store, Supplier<List<AssetSet>> read, Ids ids) {
        this.store = store;
        this.read = read;
        this.ids = ids;
    }

    /** Accounts and what is set for them are no assets, and are read by themselves. */
    private static List<AssetSet> assets(ReadScopes scopes) {
        return scopes.sets().stream()
                .filter(set -> !AssetSets.isAccounts(set) && !AssetSets.isAccountFacts(set))
                .toList();
    }

    @Override
    @Transactional
    public Reconciliation start(Principal caller, Visibility visibility, Request request) {
        request.scopes().forEach(scope -> visibility.require(scope.getAccountId()));
        var asked =
                new ReconciliationStore.Asked(
                        ids.v7(), request.requestId(), digest(caller, request), caller.id());
        Optional<ReconciliationStore.Asked> earlier = store.byRequest(request.requestId());
        if (earlier.isEmpty()) {
            List<AssetSet> sets = sets(visibility, request);
            if (store.running() >= MOST_RUNNING) {
                throw new LimitExceededException(
                        MOST_RUNNING + " reconciliations run already; wait for one of them", RETRY);
            }
            if (store.start(asked, sets, LONGEST)) {
                return get(asked.id(), visibility);
            }
            // Stored by the same request at the same time.
            earlier = store.byRequest(request.requestId());
        }
        return again(earlier.orElseThrow(), asked.digest(), visibility);
    }

    private Reconciliation again(
            ReconciliationStore.Asked earlier, String digest, Visibility visibility) {
        if (!earlier.digest().equals(digest)) {
            throw new AlreadyExistsException(
                    "request_id "
                            + earlier.requestId()
                            + " was used for another reconciliation; make a new one");
        }
        return get(earlier.id(), visibility);
    }

    @Override
    public Reconciliation get(UUID id, Visibility visibility) {
        Reconciliation found =
                store.find(id, visibility)
                        .orElseThrow(() ->
                                new NotFoundException(
                                        "reconciliation", ResourceName.of("reconciliations", id)));
        return found.with(store.sets(id, visibility, MOST_SETS));
    }

    @Override
    public List<Reconciliation> list(Visibility visibility, Optional<UUID> before, int limit) {
        return store.list(visibility, before, limit);
    }

    /** Those of the request that are read and visible; at least one. */
    private List<AssetSet> sets(Visibility visibility, Request request) {
        List<AssetSet> visible =
                read.get().stream()
                        .filter(set -> visibility.covers(set.scope().getAccountId()))
                        .toList();
        if (visible.isEmpty()) {
            throw new PreconditionFailedException(
                    "scopes",
                    "the inventory reads none of your accounts; name them in"
                            + " yagura.inventory.scopes");
        }
        for (int i = 0; i < request.scopes().size(); i++) {
            Scope scope = request.scopes().get(i);
            if (visible.stream().noneMatch(set -> set.scope().equals(scope))) {
                throw new InvalidFieldException(
                        "scopes[" + i + "]",
                        Scopes.text(scope) + " is not read by the inventory",
                        "name it in yagura.inventory.scopes");
            }
        }
        for (int i = 0; i < request.resourceTypes().size(); i++) {
            String type = request.resourceTypes().get(i);
            if (visible.stream().noneMatch(set -> set.resourceType().equals(type))) {
                throw new InvalidFieldException(
                        "resource_types[" + i + "]",
                        type + " is not read by the inventory",
                        "send one of "
                                + visible.stream()
                                        .map(AssetSet::resourceType)
                                        .collect(Collectors.toCollection(TreeSet::new)));
            }
        }
        List<AssetSet> asked =
                visible.stream()
                        .filter(set ->
                                request.scopes().isEmpty()
                                        || request.scopes().contains(set.scope()))
                        .filter(set ->
                                request.resourceTypes().isEmpty()
                                        || request.resourceTypes().contains(set.resourceType()))
                        .toList();
        if (asked.isEmpty()) {
            throw new InvalidFieldException(
                    "resource_types",
                    "are not read in these scopes",
                    "send other scopes; roles and instance profiles are read in the first region of"
                            + " an account");
        }
        return asked;
    }

    private static String digest(Principal caller, Request request) {
        return Ids.v5(
                        new UUID(0, 0),
                        caller.id(),
                        request.scopes().stream()
                                .map(Scopes::text)
                                .sorted()
                                .distinct()
                                .collect(Collectors.joining(",")),
                        request.resourceTypes().stream()
                                .sorted()
                                .distinct()
                                .collect(Collectors.joining(",")))
                .toString();
    }
}
