package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
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

/** The source against an EC2 that we did not write. */
class MotoReadingTest {
    @RegisterExtension static final MotoFixture AWS = new MotoFixture();

    private static final Scope SCOPE = Enrolling.scope("123456789012");
    private static final AssetSet INSTANCES = new AssetSet(SCOPE, "AWS::EC2::Instance");

    @Test
    void readsPagesAndLooksByIdAmongTerminated() {
        AwsClients clients =
                new AwsClients(
                        new AwsConfig(
                                Optional.of(AWS.endpoint()),
                                Optional.of("YaguraInventory"),
                                Optional.empty(),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(10),
                                Duration.ofMillis(50)),
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")));
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
