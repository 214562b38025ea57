package dev.yagura.sandbox.scaling;

/** A target group of a load balancer. */
public record TargetGroup(
        String name, String arn, String protocol, int port, String vpcId, String loadBalancerArn) {}
