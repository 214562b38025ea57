package dev.yagura.sandbox.scaling;

/**
 * A target group of a load balancer.
 *
 * @param targetType {@code instance} or {@code ip}
 */
public record TargetGroup(
        String name,
        String arn,
        String protocol,
        int port,
        String vpcId,
        String targetType,
        String loadBalancerArn) {

    public boolean isOfAddresses() {
        return targetType.equals("ip");
    }
}
