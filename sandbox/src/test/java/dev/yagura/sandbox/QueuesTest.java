package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.sandbox.control.QueueClient;
import dev.yagura.sandbox.control.RecorderClient;
import dev.yagura.sandbox.wire.JsonText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** SQS, and what AWS Config tells through it. */
class QueuesTest {
    private static final String VOLUME = "AWS::EC2::Volume";
    private static final String PLANTED = "vol-00000000000000001";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static SqsClient sqs;

    private final RecorderClient recorder = SANDBOX.control().recorder();

    @BeforeAll
    static void open() {
        sqs =
                SANDBOX.client(
                        SqsClient.builder(), SandboxExtension.OPERATOR, Region.of(Seeded.REGION));
    }

    @AfterAll
    static void close() {
        sqs.close();
    }

    @Test
    void messageIsHiddenOnceReceivedAndComesAgainUntilItIsDeleted() {
        String url = url("work");
        sqs.sendMessage(request -> request.queueUrl(url).messageBody("hello"));
        Message first = receive(url, 0).getFirst();
        assertThat(first.body()).isEqualTo("hello");
        assertThat(receive(url, 0)).isEmpty();

        SANDBOX.control().advance(Duration.ofSeconds(30));
        Message second = receive(url, 0).getFirst();
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(receives(second)).isEqualTo("2");

        sqs.changeMessageVisibility(request ->
                request.queueUrl(url).receiptHandle(second.receiptHandle()).visibilityTimeout(0));
        Message third = receive(url, 0).getFirst();
        sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle(second.receiptHandle()));
        assertThat(SANDBOX.control().queue("work").messages()).containsExactly("hello");

        DeleteMessageBatchResponse deleted =
                sqs.deleteMessageBatch(request ->
                        request.queueUrl(url)
                                .entries(
                                        entry -> entry.id("a").receiptHandle(third.receiptHandle()),
                                        entry -> entry.id("b").receiptHandle("none")));
        assertThat(deleted.successful()).extracting(each -> each.id()).containsExactly("a");
        assertThat(deleted.failed()).extracting(each -> each.id()).containsExactly("b");
        assertThat(SANDBOX.control().queue("work").messages()).isEmpty();
    }

    @Test
    void whatWasReceivedTooOftenGoesToTheDeadLetters() {
        QueueClient work = SANDBOX.control().queue("work").redriveTo("dead", 2);
        work.hideFor(Duration.ofSeconds(5));
        String url = url("work");
        assertThat(
                        sqs.getQueueAttributes(request ->
                                        request.queueUrl(url)
                                                .attributeNames(QueueAttributeName.ALL))
                                .attributes())
                .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "5")
                .hasEntrySatisfying(
                        QueueAttributeName.REDRIVE_POLICY,
                        policy -> assertThat(policy).contains(":dead\"", "\"maxReceiveCount\":2"));
        work.sendLate("poison", Duration.ofSeconds(1));
        assertThat(receive(url, 0)).isEmpty();
        for (int i = 1; i <= 2; i++) {
            SANDBOX.control().advance(Duration.ofSeconds(5));
            assertThat(receives(receive(url, 0).getFirst())).isEqualTo(Integer.toString(i));
        }
        SANDBOX.control().advance(Duration.ofSeconds(5));
        assertThat(receive(url, 0)).isEmpty();
        assertThat(SANDBOX.control().queue("dead").messages()).containsExactly("poison");
    }

    @Test
    void receiverWaitsForAMessageAndKeepsNobodyElseWaiting() {
        String url = url("work");
        CompletableFuture<List<Message>> received =
                CompletableFuture.supplyAsync(() -> receive(url, 20));
        SANDBOX.control().queue("work").hold(true);
        SANDBOX.control().queue("work").send("late");
        SANDBOX.ec2().describeInstances();
        assertThat(received).isNotDone();
        SANDBOX.control().queue("work").hold(false);
        assertThat(received.join()).extracting(Message::body).containsExactly("late");
        assertThat(receive(url, 1)).isEmpty();
    }

    @Test
    void callsAreCheckedAsSqsChecksThem() {
        String url = url("work");
        refused(() -> sqs.getQueueUrl(request -> request.queueName("none")), "QueueDoesNotExist");
        refused(() -> receive(url, 21), "InvalidParameterValue");
        refused(
                () -> sqs.deleteMessage(request -> request.queueUrl(url).receiptHandle("none")),
                "ReceiptHandleIsInvalid");
    }

    @Test
    void changesAreToldInTheFormOfWhatIsBetween() throws Exception {
        for (String form : List.of("sns", "sns-raw", "event-bridge")) {
            SANDBOX.control().queue(form);
            recorder.tell(form, form);
        }
        recorder.lagBy(Duration.ofMinutes(1));
        recorder.plant(VOLUME, 1);
        assertThat(SANDBOX.control().queue("sns").messages()).isEmpty();
        SANDBOX.control().advance(Duration.ofMinutes(1));
        JsonNode raw = json(SANDBOX.control().queue("sns-raw").take().getFirst());
        assertThat(raw.path("messageType").asText())
                .isEqualTo("ConfigurationItemChangeNotification");
        assertThat(raw.at("/configurationItemDiff/changeType").asText()).isEqualTo("CREATE");
        JsonNode item = raw.path("configurationItem");
        assertThat(item.path("resourceId").asText()).isEqualTo(PLANTED);
        assertThat(item.at("/configuration/volumeId").asText()).isEqualTo(PLANTED);
        assertThat(item.at("/tags/Name").asText()).isEqualTo("planted-1");
        JsonNode sns = json(SANDBOX.control().queue("sns").take().getFirst());
        assertThat(sns.path("Subject").asText()).contains(VOLUME, PLANTED);
        assertThat(json(sns.path("Message").asText())).isEqualTo(raw);
        JsonNode event = json(SANDBOX.control().queue("event-bridge").take().getFirst());
        assertThat(event.path("detail-type").asText())
                .isEqualTo("Config Configuration Item Change");
        assertThat(event.path("detail")).isEqualTo(raw);

        recorder.lagBy(Duration.ZERO);
        recorder.deletePlanted(VOLUME, PLANTED);
        JsonNode gone = json(SANDBOX.control().queue("sns-raw").take().getFirst());
        assertThat(gone.at("/configurationItem/configurationItemStatus").asText())
                .isEqualTo("ResourceDeleted");
        assertThat(gone.at("/configurationItem/configuration").isNull()).isTrue();
    }

    @Test
    void whatIsTooLargeIsInABucketOrSaysWhyNot() throws Exception {
        SANDBOX.control().queue("large");
        recorder.tell("large", "sns-raw", "yagura-triage", 100);
        recorder.plant(VOLUME, 1);
        JsonNode told = json(SANDBOX.control().queue("large").take().getFirst());
        assertThat(told.path("messageType").asText())
                .isEqualTo("OversizedConfigurationItemChangeNotification");
        assertThat(told.at("/configurationItemSummary/resourceId").asText()).isEqualTo(PLANTED);
        String location = told.at("/s3DeliverySummary/s3BucketLocation").asText();
        assertThat(location).startsWith("yagura-triage/AWSLogs/").endsWith(".json.gz");
        assertThat(unzipped(location).at("/configurationItem/resourceId").asText())
                .isEqualTo(PLANTED);

        recorder.tell("large", "sns-raw", "nowhere", 100);
        recorder.plant(VOLUME, 1);
        JsonNode lost = json(SANDBOX.control().queue("large").take().getFirst());
        assertThat(lost.at("/s3DeliverySummary/s3BucketLocation").isNull()).isTrue();
        assertThat(lost.at("/s3DeliverySummary/errorCode").asText()).isEqualTo("NoSuchBucket");
    }

    private static JsonNode unzipped(String location) throws IOException {
        int slash = location.indexOf('/');
        try (S3Client s3 = SANDBOX.s3(SandboxExtension.OPERATOR)) {
            byte[] content =
                    s3.getObjectAsBytes(request ->
                                    request.bucket(location.substring(0, slash))
                                            .key(location.substring(slash + 1)))
                            .asByteArray();
            return JsonText.mapper()
                    .readTree(new GZIPInputStream(new ByteArrayInputStream(content)));
        }
    }

    private static String url(String name) {
        SANDBOX.control().queue(name);
        return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
    }

    private static List<Message> receive(String url, int wait) {
        return sqs.receiveMessage(request ->
                        request.queueUrl(url)
                                .maxNumberOfMessages(10)
                                .waitTimeSeconds(wait)
                                .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private static String receives(Message message) {
        return Objects.requireNonNull(
                message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return JsonText.mapper().readTree(text);
    }
}
