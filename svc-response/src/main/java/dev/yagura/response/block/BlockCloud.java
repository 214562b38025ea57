package dev.yagura.response.block;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.route53resolver.Route53ResolverClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What one account and region is reached with. */
record BlockCloud(Ec2Client ec2, Route53ResolverClient resolver) implements SdkAutoCloseable {

    static BlockCloud open(AwsClients clients, Scope scope) {
        return new BlockCloud(
                clients.client(Ec2Client.builder(), scope),
                clients.client(Route53ResolverClient.builder(), scope));
    }

    @Override
    public void close() {
        ec2.close();
        resolver.close();
    }
}
