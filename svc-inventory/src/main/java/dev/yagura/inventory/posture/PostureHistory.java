package dev.yagura.inventory.posture;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetHistory;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import dev.yagura.proto.inventory.v1.PostureVerdict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** What postures were, as they were judged then. */
@ApplicationScoped
class PostureHistory {
    private final AssetHistory assets;
    private final PostureCatalog catalog;
    private final AccountPostures accounts;
    private final PostureStore store;
    private final Duration believed;

    @Inject
    PostureHistory(
            AssetHistory assets,
            PostureCatalog catalog,
            AccountPostures accounts,
            PostureStore store,
            Settings settings) {
        this.assets = assets;
        this.catalog = catalog;
        this.accounts = accounts;
        this.store = store;
        this.believed = PostureConfig.from(settings).believed();
    }

    Posture at(UUID id, Visibility visibility, Instant time) {
        Asset host = assets.find(id, visibility, time);
        if (!PostureCatalog.isHost(host)) {
            throw new PreconditionFailedException(
                    ResourceName.of("assets", id),
                    "is " + host.resourceType() + ", no host; ask for an instance");
        }
        if (host.isTombstone()) {
            return asked(PostureProtos.message(catalog.gone(host)).toBuilder(), time);
        }
        return at(
                PostureProtos.message(host),
                time,
                judged -> assets.wasGone(id, visibility, judged));
    }

    Posture at(String accountId, Visibility visibility, Instant time) {
        assets.check(time);
        return at(
                PostureProtos.message(accounts.find(accountId, visibility)), time, judged -> false);
    }

    /**
     * @param subject whose posture it is
     * @param gone whether a round that began then judged no such host: what is kept is from before
     */
    private Posture at(Posture.Builder subject, Instant time, Predicate<Instant> gone) {
        Optional<Posture> kept = store.at(PostureProtos.subject(subject.build()), time);
        if (kept.isEmpty()) {
            return asked(
                    subject.setVerdict(PostureVerdict.POSTURE_VERDICT_UNKNOWN)
                            .addReasons("it was not judged by " + time),
                    time);
        }
        Posture.Builder then = kept.get().toBuilder().setStartTime(kept.get().getEvaluateTime());
        Optional<Instant> judged = store.judged(time);
        if (judged.isEmpty()) {
            return asked(doubted(then, "no round of judging had ended by then"), time);
        }
        if (judged.get().isBefore(time.minus(believed))) {
            return asked(doubted(then, "the last round of judging began at " + judged.get()), time);
        }
        return asked(
                gone.test(judged.get())
                        ? doubted(then, "it was gone when the last round began at " + judged.get())
                        : then,
                time);
    }

    /** The last word is too old: nothing of it is known any more. */
    private static Posture.Builder doubted(Posture.Builder last, String why) {
        last.getItemsBuilderList().forEach(PostureHistory::doubt);
        return last.setVerdict(PostureVerdict.POSTURE_VERDICT_UNKNOWN)
                .clearReasons()
                .addReasons(why);
    }

    private static void doubt(PostureItem.Builder item) {
        item.setDetail(
                        "last judged %s: %s"
                                .formatted(
                                        switch (item.getOutcome()) {
                                            case POSTURE_OUTCOME_PASS -> "passed";
                                            case POSTURE_OUTCOME_FAIL -> "failed";
                                            default -> "unknown";
                                        },
                                        item.getDetail()))
                .setOutcome(PostureOutcome.POSTURE_OUTCOME_UNKNOWN);
    }

    private static Posture asked(Posture.Builder posture, Instant time) {
        return posture.setEvaluateTime(AgentProtos.timestamp(time)).build();
    }
}
