package dev.yagura.sandbox.seed;

import dev.yagura.sandbox.world.ResourceIds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Seeds of the accounts and regions of which a seed says only that they are there: a network with
 * some instances. Ids are made of account and region, so that no two of them share one.
 */
public final class MemberSeed {
    /** As AWS makes it in each account that Organizations creates. */
    private static final String ACCESS_ROLE = "OrganizationAccountAccessRole";

    private static final String INSTANCE_ROLE = "member-instance";
    private static final int HOSTS = 200;
    private static final int FIRST_HOST = 10;

    private MemberSeed() {}

    /** The first account, with all its regions. */
    public static AccountSeed first(Seed seed) {
        SequencedSet<String> regions = new LinkedHashSet<>(List.of(seed.region()));
        Seed.OrganizationSeed organization = seed.organization();
        if (organization != null) {
            regions.addAll(organization.regions());
        }
        return new AccountSeed(
                seed.account(), "management", List.copyOf(regions), instances(seed), null);
    }

    /** All others of the seed. */
    public static List<AccountSeed> others(Seed seed) {
        Seed.OrganizationSeed organization = seed.organization();
        return organization == null
                ? List.of()
                : organization.accounts().stream()
                        .map(each ->
                                account(
                                        seed,
                                        each.id(),
                                        each.name(),
                                        each.regions(),
                                        each.instances(),
                                        each.standing()))
                        .toList();
    }

    /** An account with the regions of the first and as many instances, where it names none. */
    public static AccountSeed account(
            Seed seed,
            String id,
            String name,
            @Nullable List<String> regions,
            @Nullable Integer instances,
            @Nullable String standing) {
        return new AccountSeed(
                id,
                name,
                Objects.requireNonNullElseGet(regions, () -> first(seed).regions()),
                Objects.requireNonNullElse(instances, instances(seed)),
                standing);
    }

    private static int instances(Seed seed) {
        return seed.organization() == null ? 1 : seed.organization().instances();
    }

    /**
     * What there is in a region of an account. In the home region of another account than the first
     * there are the roles that the first has for somebody with an external id, trusting the same,
     * and one of the name that AWS gives it for whoever may do everything in the first.
     */
    public static Seed of(Seed base, AccountSeed account, String region) {
        boolean home =
                !account.id().equals(base.account()) && account.regions().getFirst().equals(region);
        long idSeed = base.idSeed() + 31L * (account.id() + region).hashCode();
        ResourceIds ids = new ResourceIds(idSeed + 1);
        String vpc = ids.next("vpc");
        String acl = ids.next("acl");
        String subnet = ids.next("subnet");
        String group = ids.next("sg");
        return new Seed(
                account.id(),
                base.partition(),
                region,
                base.publicPool(),
                idSeed,
                base.timing(),
                List.of(),
                home ? roles(base) : List.of(),
                home ? List.of(new Seed.ProfileSeed(INSTANCE_ROLE, INSTANCE_ROLE)) : List.of(),
                List.of(),
                List.of(
                        new Seed.VpcSeed(
                                vpc, "10.40.0.0/16", null, true, true, Map.of("Name", "member"))),
                List.of(
                        new Seed.AclSeed(
                                acl,
                                vpc,
                                List.of(
                                        "100 in allow all 0.0.0.0/0",
                                        "100 out allow all 0.0.0.0/0"))),
                List.of(
                        new Seed.SubnetSeed(
                                subnet,
                                vpc,
                                region + "a",
                                region.replace("-", "") + "-az1",
                                "10.40.0.0/16",
                                null,
                                false,
                                acl,
                                null)),
                List.of(),
                List.of(
                        new Seed.RouteTableSeed(
                                ids.next("rtb"),
                                vpc,
                                true,
                                List.of(subnet),
                                List.of(new Seed.RouteSeed("10.40.0.0/16", "local")),
                                null)),
                List.of(
                        new Seed.GroupSeed(
                                group,
                                vpc,
                                "default",
                                "default VPC security group",
                                List.of("in all from " + group, "out all to 0.0.0.0/0"),
                                null)),
                List.of(),
                List.of(),
                IntStream.range(0, account.instances())
                        .mapToObj(i -> instance(ids, i, subnet, group, profile(base, account)))
                        .toList(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The first account has profiles of its own. */
    private static @Nullable String profile(Seed base, AccountSeed account) {
        return account.id().equals(base.account()) ? null : INSTANCE_ROLE;
    }

    private static Seed.InstanceSeed instance(
            ResourceIds ids, int number, String subnet, String group, @Nullable String profile) {
        return new Seed.InstanceSeed(
                ids.next("i"),
                ids.next("r"),
                "ami-0ffd4ed8f0917535d",
                "t3.small",
                ids.next("vol"),
                profile,
                Map.of("Name", "member-" + (number + 1)),
                null,
                List.of(
                        new Seed.InterfaceSeed(
                                ids.next("eni"),
                                subnet,
                                "10.40.%d.%d"
                                        .formatted(1 + number / HOSTS, FIRST_HOST + number % HOSTS),
                                null,
                                null,
                                List.of(group),
                                null,
                                null,
                                null)));
    }

    private static List<Seed.RoleSeed> roles(Seed base) {
        List<Seed.RoleSeed> roles = new ArrayList<>();
        base.roles().stream()
                .filter(role -> role.externalId() != null)
                .map(role -> trusting(role, arns(base, role)))
                .forEach(roles::add);
        roles.add(
                trusting(
                        new Seed.RoleSeed(
                                ACCESS_ROLE,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                List.of("*"),
                                null),
                        base.users().stream()
                                .filter(user -> user.allow().contains("*"))
                                .map(user -> arn(base, "user/" + user.name()))
                                .toList()));
        roles.add(
                new Seed.RoleSeed(
                        INSTANCE_ROLE,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "ec2.amazonaws.com",
                        null,
                        null,
                        List.of("ec2:DescribeTags"),
                        null));
        return roles;
    }

    private static List<String> arns(Seed base, Seed.RoleSeed role) {
        return Stream.concat(
                        Planting.orEmpty(role.trustedUsers()).stream().map(name -> "user/" + name),
                        Planting.orEmpty(role.trustedRoles()).stream().map(name -> "role/" + name))
                .map(resource -> arn(base, resource))
                .toList();
    }

    private static String arn(Seed base, String resource) {
        return "arn:%s:iam::%s:%s".formatted(base.partition(), base.account(), resource);
    }

    /** The same role, which users of another account may assume. */
    private static Seed.RoleSeed trusting(Seed.RoleSeed role, List<String> arns) {
        return new Seed.RoleSeed(
                role.name(),
                null,
                role.path(),
                role.awsManagedPolicies(),
                arns,
                null,
                role.trustedService(),
                role.externalId(),
                role.tags(),
                role.allow(),
                role.deny());
    }
}
