package dev.yagura.response.command;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account and region is reached with.
 *
 * @param sender sends each call once: AWS would do SendCommand a second time
 */
record CommandCloud(Ec2Client ec2, SsmClient ssm, SsmClient sender) implements SdkAutoCloseable {

    static CommandCloud open(AwsClients clients, Scope scope) {
        return new CommandCloud(
                clients.client(Ec2Client.builder(), scope),
                clients.client(SsmClient.builder(), scope),
                clients.clientWithoutRetries(SsmClient.builder(), scope));
    }

    @Override
    public void close() {
        ec2.close();
        ssm.close();
        sender.close();
    }
}
