package dev.yagura.sandbox.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import java.net.URLEncoder;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * IAM: the account, users and their keys, roles, the policies inside both, instance profiles,
 * SimulatePrincipalPolicy.
 */
public final class IamApi {
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxItems", "Marker", 1, 1000, 100, "ValidationError", "ValidationError");

    private final Directory directory;

    private IamApi(Directory directory) {
        this.directory = directory;
    }

    public static Api of(Directory directory, Clock clock) {
        IamApi iam = new IamApi(directory);
        Stream<Operation> own =
                Stream.of(
                        Operation.named("GetRole", iam::getRole).needs("RoleName"),
                        Operation.named("GetInstanceProfile", iam::getInstanceProfile)
                                .needs("InstanceProfileName"),
                        Operation.named("ListInstanceProfilesForRole", iam::listProfiles)
                                .needs("RoleName"),
                        Operation.named("ListInstanceProfiles", iam::listAllProfiles)
                                .knows("MaxItems", "Marker"),
                        Operation.named("SimulatePrincipalPolicy", iam::simulate)
                                .needs("PolicySourceArn", "ActionNames"));
        return Api.of(
                "iam",
                Protocol.QUERY,
                "2010-05-08",
                "https://iam.amazonaws.com/doc/2010-05-08/",
                true,
                Stream.of(
                                own,
                                new AccountOperations(directory, clock).all().stream(),
                                new UserOperations(directory).all().stream(),
                                new InlinePolicyOperations(
                                                directory, InlinePolicyOperations.Holder.USER)
                                        .all().stream(),
                                new InlinePolicyOperations(
                                                directory, InlinePolicyOperations.Holder.ROLE)
                                        .all().stream())
                        .flatMap(Function.identity())
                        .toList());
    }

    private Body getRole(Call call) {
        String name = call.parameters().required("RoleName");
        Role role = directory.role(name).orElseThrow(() -> noSuchEntity("role", name));
        return Xml.ofMembers()
                .element(
                        "Role",
                        xml -> {
                            write(xml, role);
                            xml.list(
                                            "Tags",
                                            UserOperations.sorted(role.tags()),
                                            UserOperations::tag)
                                    .element("RoleLastUsed", use -> lastUse(use, name));
                        })
                .body();
    }

    private void lastUse(Xml xml, String roleName) {
        directory
                .lastUse(roleName)
                .ifPresent(use -> xml.text("LastUsedDate", use.at()).text("Region", use.region()));
    }

    private Body getInstanceProfile(Call call) {
        String name = call.parameters().required("InstanceProfileName");
        InstanceProfile profile =
                directory
                        .instanceProfile(name)
                        .orElseThrow(() -> noSuchEntity("instance profile", name));
        return Xml.ofMembers().element("InstanceProfile", xml -> write(xml, profile)).body();
    }

    private Body listProfiles(Call call) {
        String name = call.parameters().required("RoleName");
        Role role = directory.role(name).orElseThrow(() -> noSuchEntity("role", name));
        return Xml.ofMembers()
                .list("InstanceProfiles", directory.profilesOf(role.name()), this::write)
                .text("IsTruncated", false)
                .body();
    }

    private Body listAllProfiles(Call call) {
        Page<InstanceProfile> page =
                Page.of(
                        directory.instanceProfiles(),
                        InstanceProfile::name,
                        call.parameters(),
                        PAGES);
        return Xml.ofMembers()
                .list("InstanceProfiles", page.items(), this::write)
                .text("IsTruncated", page.nextToken().isPresent())
                .text("Marker", page.nextToken())
                .body();
    }

    private void write(Xml xml, InstanceProfile profile) {
        List<Role> roles = directory.role(profile.roleName()).stream().toList();
        xml.text("Path", "/")
                .text("InstanceProfileName", profile.name())
                .text("InstanceProfileId", profile.id())
                .text("Arn", profile.arn())
                .text("CreateDate", profile.createdAt())
                .list("Roles", roles, IamApi::write);
    }

    private Body simulate(Call call) {
        String source = call.parameters().required("PolicySourceArn");
        Policy policy =
                directory.policyOf(source).orElseThrow(() -> noSuchEntity("entity", source));
        return Xml.ofMembers()
                .list(
                        "EvaluationResults",
                        call.parameters().list("ActionNames"),
                        (xml, action) ->
                                xml.text("EvalActionName", action)
                                        .text("EvalResourceName", "*")
                                        .text("EvalDecision", policy.decide(action).text()))
                .text("IsTruncated", false)
                .body();
    }

    private static void write(Xml xml, Role role) {
        xml.text("Path", role.path())
                .text("RoleName", role.name())
                .text("RoleId", role.id())
                .text("Arn", role.arn())
                .text("CreateDate", role.createdAt())
                .text("AssumeRolePolicyDocument", URLEncoder.encode(role.trustPolicy(), UTF_8))
                .text("MaxSessionDuration", role.longestSession().toSeconds());
    }

    static ApiFault noSuchEntity(String kind, String name) {
        return new ApiFault(
                "NoSuchEntity", 404, "The %s with name %s cannot be found.".formatted(kind, name));
    }
}
