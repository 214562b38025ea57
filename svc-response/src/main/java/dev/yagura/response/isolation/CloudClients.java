package dev.yagura.response.isolation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** The clients of each account and region, made at the first use and kept. */
final class CloudClients implements AutoCloseable {
    private final AwsClients clients;
    private final Map<Scope, Cloud> byScope = new ConcurrentHashMap<>();

    /** What one account and region is reached with. */
    record Cloud(
            Ec2Client ec2,
            AutoScalingClient autoScaling,
            ElasticLoadBalancingV2Client loadBalancing) {}

    CloudClients(AwsClients clients) {
        this.clients = clients;
    }

    Cloud of(Scope scope) {
        return byScope.computeIfAbsent(
                scope,
                each ->
                        new Cloud(
                                clients.client(Ec2Client.builder(), each),
                                clients.client(AutoScalingClient.builder(), each),
                                clients.client(ElasticLoadBalancingV2Client.builder(), each)));
    }

    @Override
    public void close() {
        byScope.values()
                .forEach(cloud -> {
                    cloud.ec2().close();
                    cloud.autoScaling().close();
                    cloud.loadBalancing().close();
                });
        byScope.clear();
    }
}
