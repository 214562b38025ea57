package dev.yagura.response.isolation;

import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The isolation group of a VPC as read just now; who has it is read when somebody must know, since
 * there may be many.
 */
final class IsolationGroup {
    private final Optional<CloudReader.LiveGroup> group;
    private final CloudReader reader;
    private @Nullable List<CloudReader.LiveInterface> members;

    private IsolationGroup(Optional<CloudReader.LiveGroup> group, CloudReader reader) {
        this.group = group;
        this.reader = reader;
    }

    /** What changes the group, or who has it, is done by one action at a time. */
    static String section(Scope scope, String vpcId) {
        return String.join(
                "/", scope.getPartition(), scope.getAccountId(), scope.getRegion(), vpcId);
    }

    static IsolationGroup read(CloudReader reader, String vpcId) {
        return new IsolationGroup(reader.groupNamed(Change.groupName(vpcId), vpcId), reader);
    }

    /** Empty when there is none. */
    Optional<CloudReader.LiveGroup> group() {
        return group;
    }

    /** Every interface that has it. */
    private synchronized List<CloudReader.LiveInterface> members() {
        if (members == null) {
            members = group.map(each -> reader.membersOf(each.id())).orElse(List.of());
        }
        return members;
    }

    /** Ids and addresses of every instance that is isolated. */
    Set<String> isolated() {
        return members().stream()
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
        return GroupDesign.of(
                group,
                () -> members().stream().anyMatch(eni -> !instanceId.equals(eni.instanceId())),
                path);
    }
}
