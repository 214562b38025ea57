package dev.yagura.response.volume;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.isolation.Cloud;
import software.amazon.awssdk.services.backup.BackupClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account and region is reached with.
 *
 * @param cloud where volumes are changed
 * @param backup only read
 * @param kms only read
 */
record VolumeCloud(Cloud cloud, BackupClient backup, KmsClient kms) implements SdkAutoCloseable {

    static VolumeCloud open(AwsClients clients, Scope scope) {
        return new VolumeCloud(
                Cloud.open(clients, scope),
                clients.client(BackupClient.builder(), scope),
                clients.client(KmsClient.builder(), scope));
    }

    @Override
    public void close() {
        cloud.close();
        backup.close();
        kms.close();
    }
}
