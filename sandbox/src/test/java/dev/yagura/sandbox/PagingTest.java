package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesResponse;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;

class PagingTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();

    @Test
    void pagesHoldEverythingOnce() {
        List<String> paged =
                ec2.describeNetworkInterfacesPaginator(r -> r.maxResults(5)).stream()
                        .map(DescribeNetworkInterfacesResponse::networkInterfaces)
                        .flatMap(List::stream)
                        .map(NetworkInterface::networkInterfaceId)
                        .toList();

        assertThat(paged).hasSize(11).doesNotHaveDuplicates();
        assertThat(ec2.describeNetworkInterfaces().networkInterfaces())
                .extracting(NetworkInterface::networkInterfaceId)
                .containsExactlyElementsOf(paged);
    }

    @Test
    void theLastPageHasNoToken() {
        String second = ec2.describeSecurityGroups(r -> r.maxResults(5)).nextToken();

        assertThat(second).isNotBlank();
        assertThat(ec2.describeSecurityGroups(r -> r.maxResults(5).nextToken(second)).nextToken())
                .isNull();
    }

    @Test
    void aTokenIsGoodForItsOwnQueryOnly() {
        String token = ec2.describeNetworkInterfaces(r -> r.maxResults(5)).nextToken();

        refused(
                () ->
                        ec2.describeNetworkInterfaces(r ->
                                r.maxResults(5)
                                        .nextToken(token)
                                        .filters(f -> f.name("vpc-id").values(Seeded.VPC))),
                "InvalidNextToken");
        refused(
                () -> ec2.describeNetworkInterfaces(r -> r.maxResults(5).nextToken("nonsense")),
                "InvalidNextToken");
    }

    @Test
    void refusesPagesOutsideTheRange() {
        refused(() -> ec2.describeInstances(r -> r.maxResults(4)), "InvalidParameterValue");
        refused(() -> ec2.describeInstances(r -> r.maxResults(1001)), "InvalidParameterValue");
        refused(() -> ec2.describeRouteTables(r -> r.maxResults(101)), "InvalidParameterValue");
    }

    @Test
    void refusesIdsTogetherWithAPageSize() {
        refused(
                () -> ec2.describeInstances(r -> r.instanceIds(Seeded.WEB).maxResults(10)),
                "InvalidParameterCombination");
    }
}
