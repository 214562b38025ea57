package dev.yagura.response.invocation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What one account and region is reached with.
 *
 * @param sender sends each call once: AWS would invoke a second time
 */
record InvocationCloud(LambdaClient lambda, LambdaClient sender) implements SdkAutoCloseable {

    static InvocationCloud open(AwsClients clients, Scope scope, Duration wait) {
        return new InvocationCloud(
                clients.client(LambdaClient.builder(), scope),
                clients.clientWithoutRetries(LambdaClient.builder(), scope, wait));
    }

    @Override
    public void close() {
        lambda.close();
        sender.close();
    }
}
