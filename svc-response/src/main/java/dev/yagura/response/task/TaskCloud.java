package dev.yagura.response.task;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.identity.IdentityCloud;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What one account and region is reached with. */
record TaskCloud(EcsClient ecs, IdentityCloud identity) implements SdkAutoCloseable {

    static TaskCloud open(AwsClients clients, Scope scope) {
        return new TaskCloud(
                clients.client(EcsClient.builder(), scope), IdentityCloud.open(clients, scope));
    }

    @Override
    public void close() {
        ecs.close();
        identity.close();
    }
}
