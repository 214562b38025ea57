package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The isolation group of a VPC as read just now.
 *
 * @param group empty when there is none
 * @param members every interface that has it
 */
record IsolationGroup(
        Optional<CloudReader.LiveGroup> group, List<CloudReader.LiveInterface> members) {

    /** What changes the group, or who has it, is done by one action at a time. */
    static String section(Scope scope, String vpcId) {
        return String.join(
                "/", scope.getPartition(), scope.getAccountId(), scope.getRegion(), vpcId);
    }

    static IsolationGroup read(CloudReader reader, String vpcId) {
        Optional<CloudReader.LiveGroup> group = reader.groupNamed(Change.groupName(vpcId), vpcId);
        return new IsolationGroup(
                group, group.map(each -> reader.membersOf(each.id())).orElse(List.of()));
    }

    /**
     * The same with both questions at once, where the id is as it was; else one after the other.
     */
    static IsolationGroup read(CloudReader reader, String vpcId, String likelyId) {
        try (Together together = new Together()) {
            Supplier<List<CloudReader.LiveInterface>> members =
                    together.start(() -> reader.membersOf(likelyId));
            Optional<CloudReader.LiveGroup> group =
                    reader.groupNamed(Change.groupName(vpcId), vpcId);
            return group.map(CloudReader.LiveGroup::id).equals(Optional.of(likelyId))
                    ? new IsolationGroup(group, members.get())
                    : read(reader, vpcId);
        }
    }

    /** Ids and addresses of every instance that is isolated. */
    Set<String> isolated() {
        return members.stream()
                .flatMap(eni ->
                        Stream.concat(
                                Stream.ofNullable(eni.instanceId()), eni.addresses().stream()))
                .collect(Collectors.toSet());
    }

    boolean has(CloudReader.LiveInterface eni) {
        return group.isPresent() && eni.groupIds().contains(group.get().id());
    }

    /** Whether it is the only group that an interface has. */
    boolean isAllOf(CloudReader.LiveInterface eni) {
        return group.isPresent() && eni.groupIds().equals(List.of(group.get().id()));
    }

    /** For people. */
    String name() {
        return group.map(CloudReader.LiveGroup::id).orElse("the isolation group, which is gone,");
    }

    /** What the group must become before the instance gets it. */
    GroupDesign design(String instanceId, ControlPath path) {
        boolean usedByOthers =
                members.stream().anyMatch(eni -> !instanceId.equals(eni.instanceId()));
        return GroupDesign.of(group, usedByOthers, path);
    }
}
