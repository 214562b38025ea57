package dev.yagura.sandbox.control;

import dev.yagura.sandbox.storage.BucketAccess;
import java.time.Duration;
import java.util.List;

/** AWS Config's recorder in the sandbox. */
public final class RecorderClient {
    private static final String PATH = "recorder";

    private final ControlCalls calls;

    RecorderClient(ControlCalls calls) {
        this.calls = calls;
    }

    /** It notices nothing until {@link #start}; what it noticed before can still be asked. */
    public void stop() {
        change(new Requests.ChangeRecorder(false, null, null, null, null));
    }

    /** It goes on: what has changed meanwhile is noticed now. */
    public void start() {
        change(new Requests.ChangeRecorder(true, null, null, null, null));
    }

    /** It notices nothing while it fails, and its last status says so. */
    public void fail(boolean failing) {
        change(new Requests.ChangeRecorder(null, failing, null, null, null));
    }

    /** Only resources of these types are recorded; of every type if none is given. */
    public void recordOnly(String... types) {
        change(new Requests.ChangeRecorder(null, null, List.of(types), null, null));
    }

    /** Changes from now on are told so much later. */
    public void lagBy(Duration lag) {
        change(new Requests.ChangeRecorder(null, null, null, lag, null));
    }

    /** BatchGetResourceConfig leaves the others unprocessed: 1 to 100. */
    public void processAtMost(int resources) {
        change(new Requests.ChangeRecorder(null, null, null, null, resources));
    }

    /**
     * So many more resources of a type of EC2, which no other API knows. Their ids end with 17
     * hexadecimal digits, the first with 1: {@code i-00000000000000001}.
     */
    public void plant(String type, int count) {
        calls.call("POST", PATH + "/planted", new Requests.PlantResources(type, count));
    }

    /** Deletes one that was planted. */
    public void deletePlanted(String type, String id) {
        calls.call("DELETE", PATH + "/planted/%s/%s".formatted(type, id), null);
    }

    /** Who outside the account may use a bucket, as AWS Config tells it. */
    public void open(String bucket, BucketAccess access) {
        calls.call("PUT", "buckets/%s/access".formatted(bucket), access);
    }

    /**
     * Changes that are noticed from now on are told to a queue.
     *
     * @param form {@code sns}, {@code sns-raw} or {@code event-bridge}
     */
    public void tell(String queue, String form) {
        calls.call("PUT", PATH + "/queues/" + queue, new Requests.TellQueue(form, null, null));
    }

    /**
     * The same; what is larger than a limit is put into a bucket, and the queue is told where.
     *
     * @param bucket one that is not there is a delivery that fails
     * @param limit bytes
     */
    public void tell(String queue, String form, String bucket, int limit) {
        calls.call("PUT", PATH + "/queues/" + queue, new Requests.TellQueue(form, bucket, limit));
    }

    private void change(Requests.ChangeRecorder change) {
        calls.call("PUT", PATH, change);
    }
}
