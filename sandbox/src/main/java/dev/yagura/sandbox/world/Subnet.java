package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import org.jspecify.annotations.Nullable;

/** A subnet; exactly one network ACL guards it. */
public record Subnet(
        String id,
        String vpcId,
        String availabilityZone,
        String availabilityZoneId,
        Cidr cidr,
        @Nullable Cidr ipv6Cidr,
        boolean mapPublicIpOnLaunch,
        String networkAclId)
        implements Resource {}
