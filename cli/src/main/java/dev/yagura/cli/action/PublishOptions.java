package dev.yagura.cli.action;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PublishTarget;
import picocli.CommandLine.Option;

/** What is published, and where. */
final class PublishOptions {
    @Option(
            names = "--topic",
            paramLabel = "ARN",
            defaultValue = "",
            description = "SNS topic of the allow-list; or --bus.")
    private String topic = "";

    @Option(
            names = "--bus",
            paramLabel = "ARN",
            defaultValue = "",
            description = "EventBridge bus of the allow-list; or --topic.")
    private String bus = "";

    @Option(
            names = "--subject",
            defaultValue = "",
            description = "Subject of SNS; detail-type of EventBridge, which needs one.")
    private String subject = "";

    @Option(names = "--message", required = true, description = "A JSON object.")
    private String message = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        if (topic.isEmpty() == bus.isEmpty()) {
            throw new UsageException("--topic: give it or --bus");
        }
        PublishTarget.Builder target =
                PublishTarget.newBuilder().setSubject(subject).setMessage(message);
        if (topic.isEmpty()) {
            return ActionTarget.newBuilder()
                    .setScope(scope.ofRegional("--bus", bus))
                    .setPublish(target.setEventBus(bus));
        }
        return ActionTarget.newBuilder()
                .setScope(scope.ofRegional("--topic", topic))
                .setPublish(target.setTopicArn(topic));
    }
}
