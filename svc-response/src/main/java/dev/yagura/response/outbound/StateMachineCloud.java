package dev.yagura.response.outbound;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Step Functions of one account and region. */
record StateMachineCloud(SfnClient machines) implements SdkAutoCloseable {

    static StateMachineCloud open(AwsClients clients, Scope scope) {
        return new StateMachineCloud(clients.client(SfnClient.builder(), scope));
    }

    @Override
    public void close() {
        machines.close();
    }
}
