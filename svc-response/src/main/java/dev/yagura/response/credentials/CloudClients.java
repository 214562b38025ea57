package dev.yagura.response.credentials;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/** The clients of each account and region, made at the first use and kept. */
final class CloudClients implements AutoCloseable {
    private final AwsClients clients;
    private final Map<Scope, Cloud> byScope = new ConcurrentHashMap<>();

    /** What one account and region is reached with; IAM is one for all regions. */
    record Cloud(Ec2Client ec2, IamClient iam, SsmClient ssm) {}

    CloudClients(AwsClients clients) {
        this.clients = clients;
    }

    Cloud of(Scope scope) {
        return byScope.computeIfAbsent(
                scope,
                each ->
                        new Cloud(
                                clients.client(Ec2Client.builder(), each),
                                clients.globalClient(IamClient.builder(), each),
                                clients.client(SsmClient.builder(), each)));
    }

    @Override
    public void close() {
        byScope.values()
                .forEach(cloud -> {
                    cloud.ec2().close();
                    cloud.iam().close();
                    cloud.ssm().close();
                });
        byScope.clear();
    }
}
