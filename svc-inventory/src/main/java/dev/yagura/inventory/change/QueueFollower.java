package dev.yagura.inventory.change;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.change.ChangeHandler.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Receives from one queue. Each message has a thread of its own, so that one that waits for AWS, or
 * fails, holds up no other; order does not matter. Replicas may follow the same queue.
 */
final class QueueFollower {
    private static final Logger LOG = LoggerFactory.getLogger(QueueFollower.class);

    /** The longest that SQS waits for a message; its answer is waited for longer. */
    private static final Duration LONG_POLL = Duration.ofSeconds(20);

    private static final Duration RECEIVE = LONG_POLL.plusSeconds(10);

    /** The most that SQS gives. */
    private static final int AT_ONCE = 10;

    private static final int IN_HAND = 40;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** Until a message that failed comes again the first time; doubled each time. */
    private static final Duration FIRST_RETURN = Duration.ofSeconds(5);

    private static final Duration LONGEST_RETURN = Duration.ofMinutes(15);
    private static final int REASON_LENGTH = 500;

    private final ChangeQueue queue;
    private final ChangeHandler handler;
    private final Runnable databaseCheck;
    private final SqsClient receiver;
    private final SqsClient sqs;
    private final Semaphore hands = new Semaphore(IN_HAND);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean databaseAway;
    private volatile String problem = "";
    private volatile boolean received;
    private volatile boolean withoutDeadLetters;

    /**
     * @param databaseCheck throws while nothing could be applied
     */
    QueueFollower(
            ChangeQueue queue, ChangeHandler handler, Runnable databaseCheck, AwsClients clients) {
        this.queue = queue;
        this.handler = handler;
        this.databaseCheck = databaseCheck;
        this.receiver = clients.clientWithoutRetries(SqsClient.builder(), queue.scope(), RECEIVE);
        this.sqs = clients.client(SqsClient.builder(), queue.scope());
    }

    ChangeQueue queue() {
        return queue;
    }

    /** For the health answer. */
    String state() {
        String state = received ? "followed" : "not reached yet";
        if (!problem.isEmpty()) {
            state = "cannot be received from: " + problem;
        }
        return withoutDeadLetters ? state + "; it has no dead-letter queue" : state;
    }

    /** Until {@link #stop}. */
    void follow() {
        int failures = 0;
        try {
            do {
                failures = receiveOnce() ? 0 : failures + 1;
            } while (!stopped.await(pauseMillis(failures), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The caller interrupts the thread of {@link #follow}. */
    void stop() {
        stopped.countDown();
    }

    /**
     * Once nothing is received any more: waits for what is in hand.
     *
     * @param atMost what is not applied by then comes again
     */
    void close(Duration atMost) throws InterruptedException {
        if (!hands.tryAcquire(IN_HAND, atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.KEY, queue.text())
                    .log("stopped with messages in hand; they come again");
        }
        receiver.close();
        sqs.close();
    }

    private boolean receiveOnce() throws InterruptedException {
        hands.acquire(AT_ONCE);
        int free = AT_ONCE;
        try {
            // A message that is received in vain is one receive nearer to the dead letters.
            if (databaseAway) {
                databaseCheck.run();
                databaseAway = false;
            }
            List<Message> messages = receive();
            noteReceived();
            for (Message message : messages) {
                free--;
                Thread.ofVirtual().name("change-" + message.messageId()).start(() -> take(message));
            }
            return true;
        } catch (RuntimeException e) {
            if (stopped.getCount() > 0) {
                noteProblem(e);
            }
            return false;
        } finally {
            hands.release(free);
        }
    }

    private List<Message> receive() {
        return receiver.receiveMessage(request ->
                        request.queueUrl(queue.url())
                                .maxNumberOfMessages(AT_ONCE)
                                .waitTimeSeconds((int) LONG_POLL.toSeconds())
                                .messageSystemAttributeNames(
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                .messages();
    }

    private void noteReceived() {
        if (!problem.isEmpty()) {
            problem = "";
            LOG.atInfo().addKeyValue(LogKeys.KEY, queue.text()).log("queue is followed again");
        }
        if (!received) {
            received = true;
            checkDeadLetters();
        }
    }

    private void noteProblem(RuntimeException e) {
        problem = Texts.clip(String.valueOf(e.getMessage()), REASON_LENGTH);
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, queue.text())
                .addKeyValue(LogKeys.REASON, problem)
                .log("cannot receive changes of AWS Config; assets are as old as the last reading");
    }

    /** Without one, what cannot be read comes again until the queue's retention ends. */
    private void checkDeadLetters() {
        try {
            withoutDeadLetters =
                    !sqs.getQueueAttributes(request ->
                                    request.queueUrl(queue.url())
                                            .attributeNames(QueueAttributeName.REDRIVE_POLICY))
                            .attributes()
                            .containsKey(QueueAttributeName.REDRIVE_POLICY);
            if (withoutDeadLetters) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.KEY, queue.text())
                        .log("the queue has no dead-letter queue; give it a redrive policy");
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, queue.text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot see whether the queue has a dead-letter queue");
        }
    }

    private void take(Message message) {
        try {
            count(handler.handle(queue, message.body()));
            delete(message);
        } catch (UnreadableException e) {
            count(Outcome.UNREADABLE);
            leave(message, e);
        } catch (RuntimeException e) {
            if (e instanceof DependencyUnavailableException) {
                databaseAway = true;
            }
            count(Outcome.FAILED);
            leave(message, e);
        } finally {
            hands.release();
        }
    }

    private void count(Outcome outcome) {
        ChangeMetrics.counter(queue, outcome).increment();
    }

    private void delete(Message message) {
        try {
            sqs.deleteMessage(request ->
                    request.queueUrl(queue.url()).receiptHandle(message.receiptHandle()));
        } catch (RuntimeException e) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.KEY, queue.text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot delete a message; it comes again and changes nothing");
        }
    }

    /** Later each time, until the queue gives it to its dead letters. */
    private void leave(Message message, RuntimeException reason) {
        int receives =
                Integer.parseInt(
                        message.attributes()
                                .getOrDefault(
                                        MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, queue.text())
                .addKeyValue(LogKeys.DELIVERY, message.messageId())
                .addKeyValue(LogKeys.ATTEMPT, receives)
                .addKeyValue(
                        LogKeys.REASON,
                        Texts.clip(String.valueOf(reason.getMessage()), REASON_LENGTH))
                .log("cannot apply a change of AWS Config; its message stays in the queue");
        long millis = doubled(FIRST_RETURN, receives - 1, LONGEST_RETURN);
        try {
            sqs.changeMessageVisibility(request ->
                    request.queueUrl(queue.url())
                            .receiptHandle(message.receiptHandle())
                            .visibilityTimeout((int) TimeUnit.MILLISECONDS.toSeconds(millis)));
        } catch (RuntimeException e) {
            // It comes again after the queue's own time.
            LOG.atDebug()
                    .addKeyValue(LogKeys.KEY, queue.text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot say when a message is to come again");
        }
    }

    private static long pauseMillis(int failures) {
        if (failures == 0) {
            return 0;
        }
        long millis = doubled(FIRST_PAUSE, failures - 1, LONGEST_PAUSE);
        return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    }

    private static long doubled(Duration first, int times, Duration longest) {
        return Math.min(first.toMillis() << Math.clamp(times, 0, 20), longest.toMillis());
    }
}
