package dev.yagura.response.credentials;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account and region is reached with; IAM is one for all regions.
 *
 * @param trails where AssumeRole is looked for: the region, and the one whose events those at STS's
 *     global endpoint are
 */
record RoleCloud(Ec2Client ec2, IamClient iam, SsmClient ssm, List<CloudTrailClient> trails)
        implements SdkAutoCloseable {
    private static final String GLOBAL_EVENTS = "us-east-1";

    static RoleCloud open(AwsClients clients, Scope scope) {
        return new RoleCloud(
                clients.client(Ec2Client.builder(), scope),
                clients.globalClient(IamClient.builder(), scope),
                clients.client(SsmClient.builder(), scope),
                regions(scope)
                        .map(region -> clients.client(CloudTrailClient.builder(), scope, region))
                        .toList());
    }

    private static Stream<Region> regions(Scope scope) {
        Stream<String> global =
                scope.getPartition().equals("aws") ? Stream.of(GLOBAL_EVENTS) : Stream.empty();
        return Stream.concat(Stream.of(scope.getRegion()), global).distinct().map(Region::of);
    }

    @Override
    public void close() {
        ec2.close();
        iam.close();
        ssm.close();
        trails.forEach(SdkAutoCloseable::close);
    }
}
