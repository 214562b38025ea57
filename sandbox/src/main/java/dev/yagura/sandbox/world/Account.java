package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.IpAddresses;
import java.net.InetAddress;

/** Where everything of one sandbox lives. */
public record Account(String id, String region, String partition) {

    /** {@code arn:aws:ec2:ap-northeast-1:111122223333:instance/i-…}. */
    public String arn(String service, String resource) {
        return "arn:%s:%s:%s:%s:%s".formatted(partition, service, region, id, resource);
    }

    /** {@code ip-10-20-1-10.ap-northeast-1.compute.internal}. */
    public String privateName(InetAddress address) {
        return "ip-%s.%s.compute.internal".formatted(dashed(address), region);
    }

    /** {@code ec2-198-51-100-20.ap-northeast-1.compute.amazonaws.com}. */
    public String publicName(InetAddress address) {
        return "ec2-%s.%s.compute.amazonaws.com".formatted(dashed(address), region);
    }

    private static String dashed(InetAddress address) {
        return IpAddresses.format(address).replace('.', '-');
    }

    /** The form of services without a region: {@code arn:aws:iam::111122223333:role/…}. */
    public String globalArn(String service, String resource) {
        return "arn:%s:%s::%s:%s".formatted(partition, service, id, resource);
    }
}
