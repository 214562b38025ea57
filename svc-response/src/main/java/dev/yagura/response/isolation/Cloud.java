package dev.yagura.response.isolation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What one account and region is reached with. */
public record Cloud(
        Ec2Client ec2, AutoScalingClient autoScaling, ElasticLoadBalancingV2Client loadBalancing)
        implements SdkAutoCloseable {

    public static Cloud open(AwsClients clients, Scope scope) {
        return new Cloud(
                clients.client(Ec2Client.builder(), scope),
                clients.client(AutoScalingClient.builder(), scope),
                clients.client(ElasticLoadBalancingV2Client.builder(), scope));
    }

    @Override
    public void close() {
        ec2.close();
        autoScaling.close();
        loadBalancing.close();
    }
}
