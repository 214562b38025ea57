package dev.yagura.response.outbound;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.proto.type.v1.Scope;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * SNS and EventBridge of one account and region.
 *
 * @param topicSender sends once: each attempt is written down, since each may be a message
 * @param busSender likewise
 */
record PublishCloud(
        SnsClient topics,
        SnsClient topicSender,
        EventBridgeClient buses,
        EventBridgeClient busSender)
        implements SdkAutoCloseable {

    static PublishCloud open(AwsClients clients, Scope scope) {
        return new PublishCloud(
                clients.client(SnsClient.builder(), scope),
                clients.clientWithoutRetries(SnsClient.builder(), scope),
                clients.client(EventBridgeClient.builder(), scope),
                clients.clientWithoutRetries(EventBridgeClient.builder(), scope));
    }

    @Override
    public void close() {
        topics.close();
        topicSender.close();
        buses.close();
        busSender.close();
    }
}
