package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.ProfileAssociation;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** DescribeIamInstanceProfileAssociations; Associate, Replace and Disassociate of one. */
final class ProfileAssociationOperations {
    private static final String PASS_ROLE = "iam:PassRole";

    private final World world;
    private final Directory directory;
    private final Clock clock;
    private final Listing<ProfileAssociation> listing;

    ProfileAssociationOperations(World world, Directory directory, Clock clock) {
        this.world = world;
        this.directory = directory;
        this.clock = clock;
        this.listing =
                new Listing<>(
                        ResourceKind.IAM_INSTANCE_PROFILE_ASSOCIATION,
                        world.profileAssociations(),
                        "AssociationId",
                        Filters.<ProfileAssociation>tagged(each -> world.tags().of(each.id()))
                                .field("instance-id", each -> Stream.of(each.instanceId()))
                                .field("state", each -> Stream.of(each.state(clock.instant()))),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(
                        Operation.named("DescribeIamInstanceProfileAssociations", this::describe)),
                Operation.named("ReplaceIamInstanceProfileAssociation", this::replace)
                        .needs("AssociationId")
                        .knows("IamInstanceProfile.Arn", "IamInstanceProfile.Name"),
                Operation.named("AssociateIamInstanceProfile", this::associate)
                        .needs("InstanceId")
                        .knows("IamInstanceProfile.Arn", "IamInstanceProfile.Name"),
                Operation.named("DisassociateIamInstanceProfile", this::disassociate)
                        .needs("AssociationId"));
    }

    private Body describe(Call call) {
        forgetEnded();
        Page<ProfileAssociation> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("iamInstanceProfileAssociationSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    /** The old association ends, and a new one with an id of its own begins. */
    private Body replace(Call call) {
        forgetEnded();
        ProfileAssociation old = named(call);
        InstanceProfile profile = wanted(call.parameters());
        requirePassRole(call, profile);
        Instance instance = world.instances().get(old.instanceId());
        if (!instance.isRunning()) {
            throw ApiFault.of(
                    "IncorrectInstanceState",
                    "The instance '%s' is not in the 'running' state.",
                    instance.id());
        }
        Instant now = clock.instant();
        if (!old.state(now).equals("associated")) {
            throw ApiFault.of(
                    "IncorrectState",
                    "The association '%s' is '%s'. It must be 'associated'.",
                    old.id(),
                    old.state(now));
        }
        world.profileAssociations().put(old.end(now, world.timing().profileChange()));
        return begin(instance, profile);
    }

    private Body associate(Call call) {
        forgetEnded();
        Instance instance =
                ResourceKind.INSTANCE.find(
                        world.instances(), call.parameters().required("InstanceId"));
        InstanceProfile profile = wanted(call.parameters());
        requirePassRole(call, profile);
        if (world.profileOf(instance.id()).isPresent()) {
            throw ApiFault.of(
                    "IncorrectState",
                    "There is an existing association for instance %s",
                    instance.id());
        }
        return begin(instance, profile);
    }

    private Body begin(Instance instance, InstanceProfile profile) {
        Instant now = clock.instant();
        ProfileAssociation fresh =
                new ProfileAssociation(
                        world.ids().next("iip-assoc"),
                        instance.id(),
                        profile.name(),
                        now,
                        now.plus(world.timing().profileChange()),
                        false);
        world.profileAssociations().put(fresh);
        return Xml.ofItems()
                .element("iamInstanceProfileAssociation", xml -> write(xml, fresh))
                .body();
    }

    private Body disassociate(Call call) {
        forgetEnded();
        ProfileAssociation ended = named(call).end(clock.instant(), world.timing().profileChange());
        world.profileAssociations().put(ended);
        return Xml.ofItems()
                .element("iamInstanceProfileAssociation", xml -> write(xml, ended))
                .body();
    }

    private ProfileAssociation named(Call call) {
        return ResourceKind.IAM_INSTANCE_PROFILE_ASSOCIATION.find(
                world.profileAssociations(), call.parameters().required("AssociationId"));
    }

    private void forgetEnded() {
        Instant now = clock.instant();
        List.copyOf(world.profileAssociations().all()).stream()
                .filter(each -> each.isGone(now))
                .forEach(each -> world.profileAssociations().remove(each.id()));
    }

    private InstanceProfile wanted(Parameters parameters) {
        boolean both =
                parameters.has("IamInstanceProfile.Arn")
                        && parameters.has("IamInstanceProfile.Name");
        if (both) {
            throw ApiFault.of(
                    "InvalidParameterCombination",
                    "The parameter 'iamInstanceProfile.name' may not be used in combination with"
                            + " 'iamInstanceProfile.arn'");
        }
        if (parameters.has("IamInstanceProfile.Arn")) {
            String arn = parameters.required("IamInstanceProfile.Arn");
            return directory
                    .instanceProfileOf(arn)
                    .orElseThrow(() -> unknownProfile("arn", arn, "ARN"));
        }
        String name = parameters.required("IamInstanceProfile.Name");
        return directory
                .instanceProfile(name)
                .orElseThrow(() -> unknownProfile("name", name, "name"));
    }

    private static ApiFault unknownProfile(String parameter, String value, String noun) {
        return ApiFault.of(
                "InvalidParameterValue",
                "Value (%s) for parameter iamInstanceProfile.%s is invalid. Invalid IAM Instance"
                        + " Profile %s",
                value,
                parameter,
                noun);
    }

    /** Whoever gives an instance a role must be allowed to pass that role. */
    private void requirePassRole(Call call, InstanceProfile profile) {
        if (!directory.allows(call.principal(), PASS_ROLE)) {
            throw new ApiFault(
                    "UnauthorizedOperation",
                    403,
                    "You are not authorized to perform this operation. User: %s is not authorized"
                                    .formatted(call.principal().arn())
                            + " to perform: %s on resource: %s because no identity-based policy"
                                    .formatted(PASS_ROLE, profile.roleName())
                            + " allows the iam:PassRole action");
        }
    }

    private void write(Xml xml, ProfileAssociation association) {
        xml.text("associationId", association.id())
                .text("instanceId", association.instanceId())
                .text("state", association.state(clock.instant()))
                .text("timestamp", association.since());
        directory
                .instanceProfile(association.profile())
                .ifPresent(profile ->
                        xml.element(
                                "iamInstanceProfile",
                                item -> item.text("arn", profile.arn()).text("id", profile.id())));
    }
}
