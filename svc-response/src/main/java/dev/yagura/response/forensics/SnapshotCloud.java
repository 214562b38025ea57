package dev.yagura.response.forensics;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account and region is reached with.
 *
 * @param sender sends each call once: EC2 would make snapshots, and copies, a second time
 */
record SnapshotCloud(Ec2Client ec2, Ec2Client sender) implements SdkAutoCloseable {

    static SnapshotCloud open(AwsClients clients, Scope scope) {
        return new SnapshotCloud(
                clients.client(Ec2Client.builder(), scope),
                clients.clientWithoutRetries(Ec2Client.builder(), scope));
    }

    @Override
    public void close() {
        ec2.close();
        sender.close();
    }
}
