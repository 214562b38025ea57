package dev.yagura.response.credentials;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What one account and region is reached with; IAM is one for all regions. */
record RoleCloud(Ec2Client ec2, IamClient iam, SsmClient ssm) implements SdkAutoCloseable {

    static RoleCloud open(AwsClients clients, Scope scope) {
        return new RoleCloud(
                clients.client(Ec2Client.builder(), scope),
                clients.globalClient(IamClient.builder(), scope),
                clients.client(SsmClient.builder(), scope));
    }

    @Override
    public void close() {
        ec2.close();
        iam.close();
        ssm.close();
    }
}
