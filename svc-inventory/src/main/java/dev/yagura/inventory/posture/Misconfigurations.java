package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.account.AccountFactStore;
import dev.yagura.inventory.account.AccountFacts;
import dev.yagura.inventory.account.IamUser;
import dev.yagura.inventory.account.ListedUser;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.asset.RecordedAssets;
import dev.yagura.inventory.posture.MisconfigurationCheck.Bad;
import dev.yagura.inventory.posture.MisconfigurationCheck.Found;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfAccount;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfAsset;
import dev.yagura.inventory.posture.MisconfigurationCheck.OfUser;
import dev.yagura.inventory.posture.MisconfigurationCheck.Subject;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import dev.yagura.proto.inventory.v1.UnreadAssets;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds what is set up badly when it is asked for. */
@ApplicationScoped
class Misconfigurations {
    private static final int BATCH = 500;

    /** 10,000 assets a call. */
    private static final int BATCHES = 20;

    private final RecordedAssets recorded;
    private final ReadingStore readings;
    private final AccountFactStore facts;
    private final Accounts accounts;
    private final PostureConfig config;
    private final Clock clock;

    @Inject
    Misconfigurations(
            RecordedAssets recorded,
            ReadingStore readings,
            AccountFactStore facts,
            Accounts accounts,
            Settings settings,
            Clock clock) {
        this.recorded = recorded;
        this.readings = readings;
        this.facts = facts;
        this.accounts = accounts;
        this.config = PostureConfig.from(settings);
        this.clock = clock;
    }

    /**
     * Where a page ends.
     *
     * @param check of those that are asked for, from 0
     * @param asset that was looked at last, or account or user; empty before the first
     */
    record Place(int check, Optional<UUID> asset) {
        static final Place START = new Place(0, Optional.empty());
    }

    /**
     * A page.
     *
     * @param unknown of which it is not known whether they are bad
     * @param next where the next one begins; empty after the last
     */
    record Page(List<Found> found, List<Found> unknown, Optional<Place> next) {}

    /** What is known when a page is asked for. */
    private record Knowledge(Readings readings, Accounts.Known accounts) {}

    /** One that was looked at. */
    private record Looked(
            Subject subject,
            PostureOutcome outcome,
            String detail,
            String remedy,
            @Nullable Instant observed) {
        Found found(MisconfigurationCheck check) {
            return new Found(check, subject, new Bad(detail, remedy), observed);
        }
    }

    /** After a place, check by check and asset by asset. */
    Page list(List<MisconfigurationCheck> checks, Visibility visibility, Place after, int size) {
        List<Found> found = new ArrayList<>();
        List<Found> unknown = new ArrayList<>();
        Knowledge known = new Knowledge(readings(), accounts.known(visibility));
        Place place = after;
        for (int batch = 0; batch < BATCHES && place.check() < checks.size(); batch++) {
            MisconfigurationCheck check = checks.get(place.check());
            List<Looked> batched = look(check, visibility, place.asset(), known);
            for (Looked looked : batched) {
                place = new Place(place.check(), Optional.of(looked.subject().id()));
                switch (looked.outcome()) {
                    case POSTURE_OUTCOME_FAIL -> found.add(looked.found(check));
                    case POSTURE_OUTCOME_UNKNOWN -> unknown.add(looked.found(check));
                    default -> {}
                }
                if (found.size() + unknown.size() == size) {
                    return new Page(found, unknown, Optional.of(place));
                }
            }
            if (batched.size() < BATCH) {
                place = new Place(place.check() + 1, Optional.empty());
            }
        }
        return new Page(
                found,
                unknown,
                place.check() < checks.size() ? Optional.of(place) : Optional.empty());
    }

    /** At most a batch, by id. */
    private List<Looked> look(
            MisconfigurationCheck check,
            Visibility visibility,
            Optional<UUID> after,
            Knowledge known) {
        return switch (check.judge()) {
            case OfAsset judge ->
                    recorded.list(check.resourceType(), visibility, after, BATCH).stream()
                            .map(asset -> looked(check, asset, judge, known))
                            .toList();
            case OfAccount judge ->
                    known.accounts().all().stream()
                            .filter(account -> isAfter(account.facts().id(), after))
                            .limit(BATCH)
                            .map(account -> looked(account, judge))
                            .toList();
            case OfUser judge ->
                    facts.users(visibility, after, BATCH).stream()
                            .map(user -> looked(user, judge))
                            .toList();
        };
    }

    private static boolean isAfter(UUID id, Optional<UUID> after) {
        return after.map(place -> id.compareTo(place) > 0).orElse(true);
    }

    private static Looked looked(
            MisconfigurationCheck check, RecordedAsset asset, OfAsset judge, Knowledge known) {
        CheckResult result =
                CheckResult.tried(
                        check.id(),
                        asset.id(),
                        () -> judge.of().apply(asset, known.accounts().of(asset.scope())));
        return new Looked(
                new Subject(
                        asset.id(),
                        true,
                        asset.scope(),
                        asset.resourceType(),
                        asset.nativeId(),
                        asset.description().getResourceName()),
                result.outcome(),
                result.detail(),
                result.remedy(),
                asset.resourceType().equals(Asset.INSTANCE)
                        ? asset.observedTime()
                        : known.readings().read(asset.scope(), asset.resourceType()));
    }

    /** What is not known of an account is told for all its checks at once. */
    private static Looked looked(AccountView account, OfAccount judge) {
        CheckResult result = judge.of().apply(account);
        boolean bad = result.outcome() == PostureOutcome.POSTURE_OUTCOME_FAIL;
        String accountId = account.facts().accountId();
        return new Looked(
                new Subject(
                        account.facts().id(),
                        false,
                        everywhere(account.facts().partition(), accountId),
                        AccountFacts.TYPE,
                        accountId,
                        ""),
                bad ? PostureOutcome.POSTURE_OUTCOME_FAIL : PostureOutcome.POSTURE_OUTCOME_PASS,
                result.detail(),
                result.remedy(),
                result.observed());
    }

    private Looked looked(ListedUser listed, OfUser judge) {
        Optional<Bad> bad = judge.of().apply(listed.user(), clock.instant());
        return new Looked(
                new Subject(
                        listed.id(),
                        false,
                        everywhere(listed.partition(), listed.accountId()),
                        IamUser.TYPE,
                        listed.user().name(),
                        listed.user().name()),
                bad.isPresent()
                        ? PostureOutcome.POSTURE_OUTCOME_FAIL
                        : PostureOutcome.POSTURE_OUTCOME_PASS,
                bad.map(Bad::detail).orElse(""),
                bad.map(Bad::remedy).orElse(""),
                listed.observed());
    }

    private static Scope everywhere(String partition, String accountId) {
        return Scopes.of(partition, accountId, "");
    }

    /** What of the checks' types is not known. */
    List<UnreadAssets> unread(List<MisconfigurationCheck> checks, Visibility visibility) {
        List<String> types =
                checks.stream().map(MisconfigurationCheck::resourceType).distinct().toList();
        return Stream.concat(unreadAssets(types, visibility), unreadFacts(checks, visibility))
                .toList();
    }

    private Stream<UnreadAssets> unreadAssets(List<String> types, Visibility visibility) {
        Readings known = readings();
        return readings.freshness().stream()
                .map(ReadingStore.Freshness::set)
                .filter(set -> types.contains(set.resourceType()))
                .filter(set -> !set.resourceType().equals(AccountFacts.TYPE))
                .filter(set -> visibility.covers(set.scope().getAccountId()))
                .flatMap(set ->
                        known.gap(set.scope(), set.resourceType()).stream()
                                .map(reason -> unread(set.scope(), set.resourceType(), reason)));
    }

    /** Each reason once, however many checks it leaves open. */
    private Stream<UnreadAssets> unreadFacts(
            List<MisconfigurationCheck> checks, Visibility visibility) {
        return accounts.known(visibility).all().stream()
                .flatMap(account ->
                        checks.stream()
                                .flatMap(check ->
                                        switch (check.judge()) {
                                            case OfAsset of -> Stream.<UnreadAssets>empty();
                                            case OfAccount of -> unread(account, check, of);
                                            case OfUser of ->
                                                    account.gap(account.facts().users()).stream()
                                                            .map(why ->
                                                                    unread(account, check, why));
                                        })
                                .distinct());
    }

    private static Stream<UnreadAssets> unread(
            AccountView account, MisconfigurationCheck check, OfAccount judge) {
        return Stream.of(judge.of().apply(account))
                .filter(result -> result.outcome() == PostureOutcome.POSTURE_OUTCOME_UNKNOWN)
                .map(result -> unread(account, check, result.detail()));
    }

    private static UnreadAssets unread(
            AccountView account, MisconfigurationCheck check, String reason) {
        return unread(
                everywhere(account.facts().partition(), account.facts().accountId()),
                check.resourceType(),
                reason);
    }

    private static UnreadAssets unread(Scope scope, String resourceType, String reason) {
        return UnreadAssets.newBuilder()
                .setScope(scope)
                .setResourceType(resourceType)
                .setReason(reason)
                .build();
    }

    private Readings readings() {
        return new Readings(readings.freshness(), clock.instant(), config.staleAfter());
    }
}
