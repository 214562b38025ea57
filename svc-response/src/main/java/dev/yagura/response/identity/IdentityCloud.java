package dev.yagura.response.identity;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account is reached with; IAM is one for all regions.
 *
 * @param sts with the role that is assumed in the account
 * @param ownSts with the credentials of this process itself
 * @param ownAccessKeyId of those
 */
public record IdentityCloud(
        IamClient iam,
        Ec2Client ec2,
        StsClient sts,
        StsClient ownSts,
        Supplier<String> ownAccessKeyId)
        implements SdkAutoCloseable {

    public static IdentityCloud open(AwsClients clients, Scope scope) {
        return new IdentityCloud(
                clients.globalClient(IamClient.builder(), scope),
                clients.client(Ec2Client.builder(), scope),
                clients.client(StsClient.builder(), scope),
                clients.ownClient(StsClient.builder(), scope),
                clients::ownAccessKeyId);
    }

    @Override
    public void close() {
        iam.close();
        ec2.close();
        sts.close();
        ownSts.close();
    }
}
