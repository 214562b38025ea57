package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.inventory.organization.ListedAccount;
import dev.yagura.inventory.organization.OrganizationsAccountSource;
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
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.organizations.OrganizationsClient;
import software.amazon.awssdk.services.organizations.model.Account;

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
        List<Observation> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            AssetSource.Page page = source.page(INSTANCES, token);
            assertThat(page.assets()).hasSizeLessThanOrEqualTo(7);
            seen.addAll(page.assets());
            token = page.next();
        } while (token.isPresent());
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
}
