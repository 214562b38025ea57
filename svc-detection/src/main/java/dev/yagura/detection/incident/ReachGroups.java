package dev.yagura.detection.incident;

import dev.yagura.common.graph.Neighbourhood;
import dev.yagura.common.graph.Neighbourhood.Found;
import dev.yagura.common.graph.Neighbourhood.Place;
import dev.yagura.proto.detection.v1.ReachGroup;
import dev.yagura.proto.detection.v1.ReachKind;
import dev.yagura.proto.detection.v1.ReachedAsset;
import dev.yagura.proto.inventory.v1.Asset;
import java.util.ArrayList;
import java.util.List;

/** Ways from a host to what is around it in the inventory's graph. */
final class ReachGroups {
    private static final int SHOWN = 50;
    private static final String INSTANCE = "AWS::EC2::Instance";
    private static final String FUNCTION = "AWS::Lambda::Function";
    private static final String TASK = "AWS::ECS::Task";
    private static final String ROLE = "AWS::IAM::Role";
    private static final String SUBNET = "AWS::EC2::Subnet";
    private static final String SECURITY_GROUP = "AWS::EC2::SecurityGroup";
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String SNAPSHOT = "AWS::EC2::Snapshot";

    /** Types of all that is looked at. */
    static final List<String> TYPES =
            List.of(INSTANCE, FUNCTION, TASK, ROLE, SUBNET, SECURITY_GROUP, VOLUME, SNAPSHOT);

    private static final List<String> WORKLOADS = List.of(INSTANCE, FUNCTION, TASK);

    private final Neighbourhood around;
    private final List<ReachGroup> groups = new ArrayList<>();

    private ReachGroups(Neighbourhood around) {
        this.around = around;
    }

    /** Those that are not empty, in the order of their kinds. */
    static List<ReachGroup> of(Neighbourhood around) {
        ReachGroups reach = new ReachGroups(around);
        reach.workloads(ReachKind.REACH_KIND_SHARES_ROLE, around.credentials());
        reach.workloads(ReachKind.REACH_KIND_SAME_SUBNET, reach.beside(SUBNET).places());
        reach.workloads(
                ReachKind.REACH_KIND_SAME_SECURITY_GROUP, reach.beside(SECURITY_GROUP).places());
        Found tasks = reach.beside(TASK);
        reach.add(ReachKind.REACH_KIND_TASK_ON_HOST, TASK, List.of(), tasks);
        Found volumes = reach.beside(VOLUME);
        reach.add(ReachKind.REACH_KIND_VOLUME, VOLUME, List.of(), volumes);
        reach.add(
                ReachKind.REACH_KIND_SNAPSHOT,
                SNAPSHOT,
                volumes.places(),
                around.beside(volumes.places(), SNAPSHOT));
        reach.add(
                ReachKind.REACH_KIND_ROLE_OF_TASK,
                ROLE,
                tasks.places(),
                around.beside(tasks.places(), ROLE));
        return List.copyOf(reach.groups);
    }

    private Found beside(String resourceType) {
        return around.beside(around.start(), resourceType);
    }

    private void workloads(ReachKind kind, List<Place> through) {
        WORKLOADS.forEach(type -> add(kind, type, through, around.beside(through, type)));
    }

    private void add(ReachKind kind, String resourceType, List<Place> through, Found found) {
        if (found.count() == 0) {
            return;
        }
        ReachGroup.Builder group =
                ReachGroup.newBuilder()
                        .setKind(kind)
                        .setResourceType(resourceType)
                        .setCount(found.count());
        through.stream().map(Place::label).distinct().limit(SHOWN).forEach(group::addThrough);
        found.places().stream().limit(SHOWN).map(ReachGroups::reached).forEach(group::addAssets);
        groups.add(group.build());
    }

    private static ReachedAsset reached(Place place) {
        Asset asset = place.node().getAsset();
        return ReachedAsset.newBuilder()
                .setAsset(asset.getName())
                .setNativeId(place.node().getNativeId())
                .setLabel(place.label())
                .setOwner(asset.getOwner())
                .setEnvironment(asset.getEnvironment())
                .setCriticality(asset.getCriticality())
                .setHasAgent(asset.getAgentsCount() > 0)
                .build();
    }
}
