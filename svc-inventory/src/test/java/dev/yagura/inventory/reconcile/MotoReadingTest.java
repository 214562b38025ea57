package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.organization.ListedAccount;
import dev.yagura.inventory.organization.OrganizationsAccountSource;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.s3.S3Client;

/** The sources against an AWS that we did not write. */
class MotoReadingTest {
    @RegisterExtension static final MotoFixture AWS = new MotoFixture();

    private static final Scope SCOPE = Enrolling.scope("123456789012");
    private static final AssetSet INSTANCES = new AssetSet(SCOPE, "AWS::EC2::Instance");

    @Test
    void accountsOfTheOrganizationAreListedAndEachIsAWorldOfItsOwn() {
        String created;
        try (OrganizationsClient organizations =
                clients(Optional.empty()).globalClient(OrganizationsClient.builder(), SCOPE)) {
            organizations.createOrganization(r -> r.featureSet("ALL"));
            for (int i = 0; i < 22; i++) {
                String name = "member-" + i;
                organizations.createAccount(r -> r.accountName(name).email(name + "@example.com"));
            }
            created =
                    organizations.listAccountsPaginator().stream()
                            .flatMap(page -> page.accounts().stream())
                            .map(Account::id)
                            .filter(id -> !id.equals(SCOPE.getAccountId()))
                            .findFirst()
                            .orElseThrow();
        }
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        try (OrganizationsAccountSource accounts =
                new OrganizationsAccountSource(clients, Optional.of(SCOPE))) {
            assertThat(accounts.accounts())
                    .hasSize(23)
                    .contains(new ListedAccount(created, "member-0", "ACTIVE"));
        }
        Scope member = Enrolling.scope(created);
        String id;
        try (Ec2Client ec2 = clients.client(Ec2Client.builder(), member)) {
            id =
                    ec2.runInstances(r -> r.imageId("ami-12345678").minCount(1).maxCount(1))
                            .instances()
                            .getFirst()
                            .instanceId();
        }
        Ec2InstanceSource source = new Ec2InstanceSource(clients, 5, Clock.systemUTC());
        assertThat(ids(source, new AssetSet(member, "AWS::EC2::Instance"))).containsExactly(id);
        assertThat(ids(source, INSTANCES)).doesNotContain(id);
        source.close();
    }

    private static List<String> ids(Ec2InstanceSource source, AssetSet set) {
        return source.page(set, Optional.empty()).assets().stream()
                .map(Observation::nativeId)
                .toList();
    }

    private static AwsClients clients(Optional<String> role) {
        return new AwsClients(
                new AwsConfig(
                        Optional.of(AWS.endpoint()),
                        role,
                        Optional.empty(),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(50)),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")));
    }

    @Test
    void readsPagesAndLooksByIdAmongTerminated() {
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        List<String> ids;
        try (Ec2Client ec2 = clients.client(Ec2Client.builder(), SCOPE)) {
            ids =
                    ec2
                            .runInstances(r ->
                                    r.imageId("ami-12345678")
                                            .instanceType("t3.small")
                                            .minCount(7)
                                            .maxCount(7))
                            .instances()
                            .stream()
                            .map(instance -> instance.instanceId())
                            .toList();
            ec2.terminateInstances(r -> r.instanceIds(ids.getFirst()));
        }
        Ec2InstanceSource source = new Ec2InstanceSource(clients, 5, Clock.systemUTC());
        List<Observation> seen = all(source, INSTANCES);
        assertThat(seen).extracting(Observation::nativeId).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(seen).filteredOn(Observation::isTerminated).hasSize(1);
        assertThat(seen)
                .filteredOn(each -> !each.isTerminated())
                .allSatisfy(each -> {
                    assertThat(each.description().getInstanceType()).isEqualTo("t3.small");
                    assertThat(each.description().getNetworkInterfaces(0).getPrivateIpAddresses(0))
                            .isNotEmpty();
                });
        AssetSource.Look look = source.look(INSTANCES, List.of(ids.get(1), "i-00000000000000000"));
        assertThat(look.observations())
                .extracting(Observation::nativeId)
                .containsExactly(ids.get(1));
        assertThat(look.gone()).containsExactly("i-00000000000000000");
        source.close();
    }

    @Test
    void profilesSnapshotsAndTargetGroupsRelateAsInAnyOtherAws() {
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        Scope scope = Enrolling.scope("210987654321");
        String profile;
        try (IamClient iam = clients.globalClient(IamClient.builder(), scope)) {
            iam.createRole(r -> r.roleName("app").assumeRolePolicyDocument("{}"));
            profile =
                    iam.createInstanceProfile(r -> r.instanceProfileName("app").path("/shop/"))
                            .instanceProfile()
                            .arn();
            iam.addRoleToInstanceProfile(r -> r.instanceProfileName("app").roleName("app"));
        }
        InstanceProfileSource profiles = new InstanceProfileSource(clients, 100, Clock.systemUTC());
        AssetSet profileSet = new AssetSet(scope, AssetSets.PROFILE);
        assertThat(all(profiles, profileSet))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.nativeId()).isEqualTo(profile);
                    assertThat(related(seen)).containsExactly("arn:aws:iam::210987654321:role/app");
                });
        AssetSource.Look look = profiles.look(profileSet, List.of(profile, profile + "-gone"));
        assertThat(look.observations()).hasSize(1);
        assertThat(look.gone()).containsExactly(profile + "-gone");
        profiles.close();

        try (Ec2Client ec2 = clients.client(Ec2Client.builder(), scope);
                ElasticLoadBalancingV2Client balancing =
                        clients.client(ElasticLoadBalancingV2Client.builder(), scope)) {
            snapshots(clients, ec2, scope);
            targetGroups(clients, ec2, balancing, scope);
        }
    }

    private static void snapshots(AwsClients clients, Ec2Client ec2, Scope scope) {
        String volume =
                ec2.createVolume(r -> r.size(8).availabilityZone("ap-northeast-1a")).volumeId();
        String first = ec2.createSnapshot(r -> r.volumeId(volume)).snapshotId();
        String second = ec2.createSnapshot(r -> r.volumeId(volume)).snapshotId();
        SnapshotSource source = new SnapshotSource(clients, 5, Clock.systemUTC());
        AssetSet set = new AssetSet(scope, AssetSets.SNAPSHOT);
        assertThat(all(source, set))
                .filteredOn(seen -> related(seen).contains(volume))
                .extracting(Observation::nativeId)
                .containsExactlyInAnyOrder(first, second);
        ec2.deleteSnapshot(r -> r.snapshotId(first));
        AssetSource.Look look = source.look(set, List.of(first, second));
        assertThat(look.gone()).containsExactly(first);
        assertThat(look.observations()).extracting(Observation::nativeId).containsExactly(second);
        source.close();
    }

    private static void targetGroups(
            AwsClients clients,
            Ec2Client ec2,
            ElasticLoadBalancingV2Client balancing,
            Scope scope) {
        Instance instance =
                ec2.runInstances(r -> r.imageId("ami-12345678").minCount(1).maxCount(1))
                        .instances()
                        .getFirst();
        List<String> subnets =
                ec2.describeSubnets().subnets().stream().limit(2).map(Subnet::subnetId).toList();
        String balancer =
                balancing
                        .createLoadBalancer(r -> r.name("shop").subnets(subnets))
                        .loadBalancers()
                        .getFirst()
                        .loadBalancerArn();
        String group =
                balancing
                        .createTargetGroup(r ->
                                r.name("web")
                                        .protocol("HTTP")
                                        .port(80)
                                        .vpcId(instance.vpcId())
                                        .targetType("instance"))
                        .targetGroups()
                        .getFirst()
                        .targetGroupArn();
        balancing.createListener(r ->
                r.loadBalancerArn(balancer)
                        .protocol("HTTP")
                        .port(80)
                        .defaultActions(action -> action.type("forward").targetGroupArn(group)));
        balancing.registerTargets(
                r -> r.targetGroupArn(group).targets(target -> target.id(instance.instanceId())));
        TargetGroupSource source = new TargetGroupSource(clients, 20, Clock.systemUTC());
        AssetSet set = new AssetSet(scope, AssetSets.TARGET_GROUP);
        assertThat(all(source, set))
                .singleElement()
                .satisfies(seen -> {
                    assertThat(seen.nativeId()).isEqualTo(group);
                    assertThat(related(seen))
                            .containsExactlyInAnyOrder(
                                    instance.instanceId(), instance.vpcId(), balancer);
                });
        assertThat(source.look(set, List.of(group + "0", group)).gone())
                .containsExactly(group + "0");
        source.close();
    }

    @Test
    void scalingGroupsOfEveryPageTellTheirMembersAndGoByTheirArn() {
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        Scope scope = Enrolling.scope("321098765432");
        AssetSet set = new AssetSet(scope, AssetSets.SCALING_GROUP);
        ScalingGroupSource source = new ScalingGroupSource(clients, 2, Clock.systemUTC());
        try (Ec2Client ec2 = clients.client(Ec2Client.builder(), scope);
                AutoScalingClient scaling = clients.client(AutoScalingClient.builder(), scope)) {
            String template =
                    ec2.createLaunchTemplate(r ->
                                    r.launchTemplateName("web")
                                            .launchTemplateData(data ->
                                                    data.imageId("ami-12345678")
                                                            .instanceType("t3.small")))
                            .launchTemplate()
                            .launchTemplateId();
            List<String> subnets =
                    ec2.describeSubnets().subnets().stream()
                            .limit(2)
                            .map(Subnet::subnetId)
                            .toList();
            List.of("web", "shop/batch", "idle")
                    .forEach(name -> group(scaling, name, template, subnets));
            List<Observation> all = all(source, set);
            assertThat(all)
                    .hasSize(3)
                    .allSatisfy(seen -> {
                        List<String> expected = new ArrayList<>(subnets);
                        expected.add(template);
                        ec2.describeInstancesPaginator(r ->
                                        r.filters(filter ->
                                                filter.name("tag:aws:autoscaling:groupName")
                                                        .values(
                                                                seen.description()
                                                                        .getResourceName())))
                                .reservations()
                                .forEach(each ->
                                        each.instances()
                                                .forEach(i -> expected.add(i.instanceId())));
                        assertThat(related(seen))
                                .hasSize(5)
                                .containsExactlyInAnyOrderElementsOf(expected);
                        assertThat(seen.description().getTagsMap()).containsEntry("team", "shop");
                        assertThat(seen.description().hasResourceCreateTime()).isTrue();
                        assertThat(seen.configuration().orElseThrow())
                                .contains("\"maxSize\":3", template, "\"version\":\"1\"");
                    });
            String before = arn(all, "shop/batch");
            scaling.deleteAutoScalingGroup(
                    r -> r.autoScalingGroupName("shop/batch").forceDelete(true));
            scaling.deleteAutoScalingGroup(r -> r.autoScalingGroupName("idle").forceDelete(true));
            group(scaling, "shop/batch", template, subnets);
            AssetSource.Look look =
                    source.look(set, all.stream().map(Observation::nativeId).toList());
            assertThat(look.gone()).containsExactlyInAnyOrder(before, arn(all, "idle"));
            assertThat(look.observations())
                    .extracting(Observation::nativeId)
                    .hasSize(2)
                    .contains(arn(all, "web"));
        }
        source.close();
    }

    private static void group(
            AutoScalingClient scaling, String name, String template, List<String> subnets) {
        scaling.createAutoScalingGroup(r ->
                r.autoScalingGroupName(name)
                        .minSize(0)
                        .desiredCapacity(2)
                        .maxSize(3)
                        .launchTemplate(each -> each.launchTemplateId(template).version("1"))
                        .vpcZoneIdentifier(String.join(",", subnets))
                        .tags(tag -> tag.key("team").value("shop").propagateAtLaunch(false)));
    }

    private static String arn(List<Observation> groups, String name) {
        return groups.stream()
                .filter(each -> each.description().getResourceName().equals(name))
                .map(Observation::nativeId)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void bucketIsLookedForAmongTheAccountsOwnOfItsRegion() {
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        Scope scope = Enrolling.scope("432109876543");
        Scope far = scope.toBuilder().setRegion("eu-west-1").build();
        try (S3Client own = clients.client(S3Client.builder(), scope);
                S3Client elsewhere = clients.client(S3Client.builder(), far);
                S3Client stranger =
                        clients.client(S3Client.builder(), Enrolling.scope("543210987654"))) {
            List.of("yagura-web", "yagura-web-logs", "yagura-sold")
                    .forEach(name -> bucket(own, name, scope.getRegion()));
            bucket(elsewhere, "yagura-far", far.getRegion());
            own.deleteBucket(r -> r.bucket("yagura-web"));
            own.deleteBucket(r -> r.bucket("yagura-sold"));
            bucket(stranger, "yagura-sold", scope.getRegion());
        }
        ConfigAssetSource recorded = new ConfigAssetSource(clients);
        BucketSource source = new BucketSource(clients, recorded);
        AssetSource.Look look =
                source.look(
                        new AssetSet(scope, AssetSets.BUCKET),
                        List.of("yagura-web", "yagura-web-logs", "yagura-sold", "yagura-far"));
        assertThat(look.present()).containsExactly("yagura-web-logs");
        assertThat(look.gone()).containsExactly("yagura-web", "yagura-sold", "yagura-far");
        source.close();
        recorded.close();
    }

    private static void bucket(S3Client s3, String name, String region) {
        s3.createBucket(r ->
                r.bucket(name).createBucketConfiguration(each -> each.locationConstraint(region)));
    }

    @Test
    void imagesArePulledByTheNameThatTheirAssetHas() {
        AwsClients clients = clients(Optional.of("YaguraInventory"));
        Scope scope = Enrolling.scope("210987654321");
        RegistryImageSource source = new RegistryImageSource(clients, 100, Clock.systemUTC());
        AssetSet set = new AssetSet(scope, AssetSets.IMAGE);
        String uri;
        String digest;
        try (EcrClient ecr = clients.client(EcrClient.builder(), scope)) {
            ecr.createRepository(r -> r.repositoryName("shop/empty"));
            uri =
                    ecr.createRepository(r -> r.repositoryName("shop/web"))
                            .repository()
                            .repositoryUri();
            digest =
                    ecr.putImage(r ->
                                    r.repositoryName("shop/web")
                                            .imageTag("3")
                                            .imageManifest(
                                                    "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":{\"digest\":\"sha256:1\",\"size\":1},\"layers\":[]}"))
                            .image()
                            .imageId()
                            .imageDigest();
        }
        String name = uri + "@" + digest;
        assertThat(all(source, set)).extracting(Observation::nativeId).containsExactly(name);
        AssetSource.Look look =
                source.look(
                        set,
                        List.of(name, uri + "@sha256:" + "f".repeat(64), uri + "-gone@" + digest));
        assertThat(look.observations()).extracting(Observation::nativeId).containsExactly(name);
        assertThat(look.gone()).hasSize(2);
        source.close();
    }

    private static List<Observation> all(AssetSource source, AssetSet set) {
        List<Observation> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            AssetSource.Page page = source.page(set, token);
            seen.addAll(page.assets());
            token = page.next();
        } while (token.isPresent());
        return seen;
    }

    private static List<String> related(Observation seen) {
        return seen.description().getRelationsList().stream()
                .map(AssetRelation::getNativeId)
                .toList();
    }
}
