package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import dev.yagura.sandbox.control.ResourceClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Snapshot;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** Changes by chance of what is read from its own APIs. */
final class ListedChanges {
    private static final int MOST_SNAPSHOTS = 8;
    private static final int NAMES = 3;

    private final CloudWorld world;
    private final WorldFacts facts;
    private final ListedFacts listed;
    private final SplittableRandom random;
    private final Map<Scope, Set<String>> images = new HashMap<>();
    private final Map<String, Set<String>> profiles = new HashMap<>();
    private final Set<String> again = new HashSet<>();
    private final Set<String> used = new HashSet<>();

    ListedChanges(CloudWorld world, SplittableRandom random) {
        this.world = world;
        this.facts = new WorldFacts(world);
        this.listed = new ListedFacts(world);
        this.random = random;
    }

    /** Ids that were used twice. */
    Set<String> again() {
        return again;
    }

    /** A snapshot, a group, and more images of a repository than a page has, in each scope. */
    void start() {
        for (Scope scope : CloudWorld.SCOPES) {
            String instance = pick(facts.instances(scope)).instanceId();
            makeSnapshot(scope, instance);
            world.at(scope).resources().putAutoScalingGroup("group-0", Map.of());
            world.at(scope).joinAutoScalingGroup(instance, "group-0");
            for (int i = 1; i <= NAMES; i++) {
                push(scope, "made-0", digest(i), "v" + i);
            }
        }
    }

    /** Changes something, and says what. */
    String change(Scope scope) {
        return switch (random.nextInt(7)) {
            case 0, 1 -> snapshot(scope);
            case 2 -> target(scope);
            case 3 -> profile(scope);
            case 4, 5 -> scalingGroup(scope);
            default -> image(scope);
        };
    }

    /** Of the first volume. */
    String makeSnapshot(Scope scope, String instance) {
        return world.ec2(scope)
                .createSnapshots(
                        request -> request.instanceSpecification(of -> of.instanceId(instance)))
                .snapshots()
                .getFirst()
                .snapshotId();
    }

    private String snapshot(Scope scope) {
        Ec2Client ec2 = world.ec2(scope);
        List<Snapshot> all =
                listed.snapshots(scope).stream()
                        .sorted(Comparator.comparing(Snapshot::snapshotId))
                        .toList();
        int choice = all.size() > MOST_SNAPSHOTS ? 0 : random.nextInt(3);
        if (all.isEmpty() || choice == 2) {
            Instance instance = pick(facts.instances(scope));
            return "make snapshot " + makeSnapshot(scope, instance.instanceId());
        }
        String id = pick(all).snapshotId();
        if (choice == 1) {
            String value = "value-" + random.nextInt(NAMES);
            ec2.createTags(
                    request -> request.resources(id).tags(tag -> tag.key("made").value(value)));
            return "tag " + id;
        }
        ec2.deleteSnapshot(request -> request.snapshotId(id));
        return "delete " + id;
    }

    /** In the one scope that has target groups. */
    private String target(Scope scope) {
        List<TargetGroup> groups = listed.targetGroups(scope);
        if (groups.isEmpty()) {
            return image(scope);
        }
        String group = pick(groups).targetGroupName();
        String instance = pick(facts.instances(scope)).instanceId();
        if (random.nextInt(3) == 0) {
            world.at(scope).deregisterTarget(instance, group);
            return "deregister %s of %s".formatted(instance, group);
        }
        world.at(scope).registerTarget(instance, group);
        return "register %s with %s".formatted(instance, group);
    }

    /** One comes, goes, is set otherwise, or has other members. */
    private String scalingGroup(Scope scope) {
        String name = "group-" + random.nextInt(NAMES);
        boolean there =
                listed.scalingGroups(scope).stream()
                        .anyMatch(each -> each.autoScalingGroupName().equals(name));
        ResourceClient resources = world.at(scope).resources();
        int choice = there ? random.nextInt(7) : 0;
        switch (choice) {
            case 0 ->
                    resources.putAutoScalingGroup(
                            name, Map.of("made", "value-" + random.nextInt(NAMES)));
            case 1 -> resources.deleteAutoScalingGroup(name);
            case 2 -> world.at(scope).resizeAutoScalingGroup(name, 0, random.nextInt(NAMES), 5);
            case 3 ->
                    world.at(scope)
                            .suspendProcesses(
                                    name, random.nextBoolean() ? List.of("Launch") : List.of());
            case 4 ->
                    world.at(scope)
                            .leaveAutoScalingGroup(pick(facts.instances(scope)).instanceId());
            default ->
                    world.at(scope)
                            .joinAutoScalingGroup(pick(facts.instances(scope)).instanceId(), name);
        }
        return "Auto Scaling group %s: %d".formatted(name, choice);
    }

    /** One comes, goes, or has another role, which may not be there. */
    private String profile(Scope scope) {
        Scope home = CloudWorld.home(scope);
        Set<String> there =
                profiles.computeIfAbsent(scope.getAccountId(), account -> new TreeSet<>());
        String name = "profile-" + random.nextInt(NAMES);
        ResourceClient resources = world.at(home).resources();
        if (there.contains(name) && random.nextBoolean()) {
            there.remove(name);
            resources.deleteProfile(name);
            return "delete " + name;
        }
        String role = "role-" + random.nextInt(NAMES);
        if (there.add(name)) {
            use("arn:aws:iam::%s:instance-profile/%s".formatted(scope.getAccountId(), name));
        }
        resources.putProfile(name, role);
        return "%s with %s".formatted(name, role);
    }

    private String image(Scope scope) {
        Set<String> there = images.computeIfAbsent(scope, key -> new TreeSet<>());
        String repository = "made-" + random.nextInt(2);
        String digest = digest(1 + random.nextInt(NAMES));
        String id = imageId(scope, repository, digest);
        if (there.contains(id) && random.nextBoolean()) {
            there.remove(id);
            world.at(scope).resources().deleteImage(repository, digest);
            return "delete image " + id;
        }
        push(scope, repository, digest, "v" + random.nextInt(NAMES));
        return "push image " + id;
    }

    private void push(Scope scope, String repository, String digest, String tag) {
        String id = imageId(scope, repository, digest);
        if (images.computeIfAbsent(scope, key -> new TreeSet<>()).add(id)) {
            use(id);
        }
        world.at(scope).resources().pushImage(repository, digest, tag);
    }

    private static String digest(int number) {
        return "sha256:" + Integer.toString(number).repeat(64);
    }

    private static String imageId(Scope scope, String repository, String digest) {
        return "%s.dkr.ecr.%s.amazonaws.com/%s@%s"
                .formatted(scope.getAccountId(), scope.getRegion(), repository, digest);
    }

    private void use(String id) {
        if (!used.add(id)) {
            again.add(id);
        }
    }

    private <T> T pick(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
