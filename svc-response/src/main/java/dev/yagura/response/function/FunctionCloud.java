package dev.yagura.response.function;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.identity.IdentityCloud;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What one account and region is reached with. */
record FunctionCloud(LambdaClient lambda, IdentityCloud identity) implements SdkAutoCloseable {

    static FunctionCloud open(AwsClients clients, Scope scope) {
        return new FunctionCloud(
                clients.client(LambdaClient.builder(), scope), IdentityCloud.open(clients, scope));
    }

    @Override
    public void close() {
        lambda.close();
        identity.close();
    }
}
