package dev.yagura.response.radius;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.graph.AssetGraphs;
import dev.yagura.common.graph.Neighbourhood;
import dev.yagura.common.graph.Neighbourhood.Found;
import dev.yagura.common.graph.Neighbourhood.Place;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AffectedAsset;
import dev.yagura.proto.response.v1.AffectedGroup;
import dev.yagura.proto.response.v1.AffectedRelation;
import dev.yagura.proto.response.v1.BlastRadius;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the inventory what depends on the target of an action. */
@ApplicationScoped
public class BlastRadii {
    private static final Logger LOG = LoggerFactory.getLogger(BlastRadii.class);
    private static final int SHOWN = 20;

    private final AssetGraphs graphs;

    @Inject
    public BlastRadii(AssetGraphs graphs) {
        this.graphs = graphs;
    }

    /**
     * Asks at once and does not wait; whoever takes the answer waits until the deadline of the call
     * at most.
     *
     * @return the answer; empty for a kind that nothing is asked for
     */
    public Supplier<Optional<BlastRadius>> ask(ActionKind kind, ActionTarget target) {
        Optional<Question> question = Question.of(kind, target);
        if (question.isEmpty()) {
            return Optional::empty;
        }
        CompletableFuture<BlastRadius> answer =
                CompletableFuture.supplyAsync(
                        () -> answer(question.orElseThrow(), target), Thread::startVirtualThread);
        return () -> Optional.of(answer.join());
    }

    private BlastRadius answer(Question question, ActionTarget target) {
        try {
            return radius(question, graphs.around(question.request(target)));
        } catch (NotFoundException e) {
            return unknown("the inventory does not have " + question.nativeId());
        } catch (DependencyUnavailableException e) {
            return unknown(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // Whatever the inventory says, the plan goes on.
            LOG.atError()
                    .addKeyValue(LogKeys.SERVICE, "inventory")
                    .setCause(e)
                    .log("answer of the inventory is not understood");
            return unknown("what svc-inventory says is not understood");
        }
    }

    private static BlastRadius unknown(String reason) {
        return BlastRadius.newBuilder()
                .setUnknownReason(reason)
                .setSummary("what depends on it is not known: " + reason)
                .build();
    }

    private static BlastRadius radius(Question question, Neighbourhood around) {
        BlastRadius.Builder radius =
                BlastRadius.newBuilder().setTarget(affected(around.start()).build());
        if (question.role()) {
            List<Place> credentials = around.credentials();
            Question.HOLDERS.forEach(type ->
                    add(
                            radius,
                            AffectedRelation.AFFECTED_RELATION_SHARES_ROLE,
                            type,
                            around.beside(credentials, type)));
        }
        if (question.traffic()) {
            Found scaling = around.beside(around.start(), Question.SCALING_GROUP);
            add(radius, AffectedRelation.AFFECTED_RELATION_SCALES, Question.SCALING_GROUP, scaling);
            List<Place> routed = new ArrayList<>(scaling.places());
            routed.add(around.start());
            add(
                    radius,
                    AffectedRelation.AFFECTED_RELATION_SENDS_REQUESTS,
                    Question.TARGET_GROUP,
                    around.beside(routed, Question.TARGET_GROUP));
        }
        return radius.setSummary(RadiusText.summary(question, around, radius)).build();
    }

    private static void add(
            BlastRadius.Builder radius,
            AffectedRelation relation,
            String resourceType,
            Found found) {
        if (found.count() == 0) {
            return;
        }
        AffectedGroup.Builder group =
                AffectedGroup.newBuilder()
                        .setRelation(relation)
                        .setResourceType(resourceType)
                        .setCount(found.count());
        found.places().stream().limit(SHOWN).map(BlastRadii::affected).forEach(group::addAssets);
        radius.addGroups(group);
    }

    private static AffectedAsset.Builder affected(Place place) {
        Asset asset = place.node().getAsset();
        return AffectedAsset.newBuilder()
                .setAsset(asset.getName())
                .setResourceType(place.node().getResourceType())
                .setNativeId(place.node().getNativeId())
                .setLabel(place.label())
                .setOwner(asset.getOwner())
                .setEnvironment(asset.getEnvironment())
                .setCriticality(asset.getCriticality());
    }
}
