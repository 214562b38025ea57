package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionRun;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/**
 * One call that changes something: as it is planned, and how it is sent.
 *
 * @param call operation and parameters
 * @param request sends it
 */
public record Change(PlannedCall call, Request request) {
    /** Tag of the groups that are ours. */
    public static final String TAG = "yagura:managed";

    static final String TAG_VALUE = "isolation";

    /** The call in the SDK. */
    public interface Request {
        AwsResponse send(Cloud cloud, @Nullable Boolean dryRun);
    }

    /** To be made at the same time. */
    static List<ActionRun.Step> steps(Stream<Change> changes, Cloud cloud) {
        return changes.map(each -> new ActionRun.Step(each.call(), () -> each.send(cloud)))
                .toList();
    }

    /** For real. */
    public AwsResponse send(Cloud cloud) {
        return request.send(cloud, null);
    }

    /** With DryRun: EC2 answers with an error in either case. */
    void tryOut(Cloud cloud) {
        request.send(cloud, true);
    }

    /** Only EC2 has one: the other services would do it. */
    boolean hasDryRun() {
        return call.getOperation().startsWith("ec2:");
    }

    public static Change of(String operation, Map<String, String> parameters, Request request) {
        return new Change(call(operation, parameters), request);
    }

    /** The isolation group of a VPC. */
    static String groupName(String vpcId) {
        return "yagura-isolation-" + vpcId;
    }

    static Change createGroup(String vpcId) {
        String name = groupName(vpcId);
        return new Change(
                call(
                        "ec2:CreateSecurityGroup",
                        Map.of("GroupName", name, "VpcId", vpcId, "Tag", TAG + "=" + TAG_VALUE)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .createSecurityGroup(request ->
                                        request.groupName(name)
                                                .description(
                                                        "Isolated by Yagura: control path only")
                                                .vpcId(vpcId)
                                                .tagSpecifications(tags ->
                                                        tags.resourceType(
                                                                        ResourceType.SECURITY_GROUP)
                                                                .tags(tag ->
                                                                        tag.key(TAG)
                                                                                .value(TAG_VALUE)))
                                                .dryRun(dryRun)));
    }

    static Change deleteGroup(String groupId) {
        return new Change(
                call("ec2:DeleteSecurityGroup", Map.of("GroupId", groupId)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .deleteSecurityGroup(
                                        request -> request.groupId(groupId).dryRun(dryRun)));
    }

    static Change revokeEgress(String groupId, List<GroupRule> rules) {
        List<IpPermission> permissions = permissions(rules);
        return new Change(
                call("ec2:RevokeSecurityGroupEgress", parameters(groupId, rules)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .revokeSecurityGroupEgress(request ->
                                        request.groupId(groupId)
                                                .ipPermissions(permissions)
                                                .dryRun(dryRun)));
    }

    static Change revokeIngress(String groupId, List<GroupRule> rules) {
        List<IpPermission> permissions = permissions(rules);
        return new Change(
                call("ec2:RevokeSecurityGroupIngress", parameters(groupId, rules)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .revokeSecurityGroupIngress(request ->
                                        request.groupId(groupId)
                                                .ipPermissions(permissions)
                                                .dryRun(dryRun)));
    }

    static Change authorizeEgress(String groupId, List<GroupRule> rules) {
        List<IpPermission> permissions = permissions(rules);
        return new Change(
                call("ec2:AuthorizeSecurityGroupEgress", parameters(groupId, rules)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .authorizeSecurityGroupEgress(request ->
                                        request.groupId(groupId)
                                                .ipPermissions(permissions)
                                                .dryRun(dryRun)));
    }

    static Change setGroups(String interfaceId, List<String> groupIds) {
        return new Change(
                call(
                        "ec2:ModifyNetworkInterfaceAttribute",
                        Map.of(
                                "NetworkInterfaceId",
                                interfaceId,
                                "Groups",
                                String.join(",", groupIds))),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .modifyNetworkInterfaceAttribute(request ->
                                        request.networkInterfaceId(interfaceId)
                                                .groups(groupIds)
                                                .dryRun(dryRun)));
    }

    /** The planned call with the state of what it changes, for people. */
    public PlannedCall shown(String before, String after, String dryRun) {
        return call.toBuilder().setBefore(before).setAfter(after).setDryRun(dryRun).build();
    }

    private static PlannedCall call(String operation, Map<String, String> parameters) {
        return PlannedCall.newBuilder()
                .setOperation(operation)
                .putAllParameters(new TreeMap<>(parameters))
                .build();
    }

    private static Map<String, String> parameters(String groupId, List<GroupRule> rules) {
        return Map.of(
                "GroupId",
                groupId,
                "IpPermissions",
                rules.stream().map(GroupRule::toString).sorted().collect(Collectors.joining(", ")));
    }

    private static List<IpPermission> permissions(List<GroupRule> rules) {
        return rules.stream().map(GroupRule::toPermission).toList();
    }
}
