package dev.yagura.sandbox.control;

import java.time.Duration;
import java.util.List;

/**
 * A queue of SQS in the sandbox. Held, its messages can be taken out and sent again: twice, late,
 * in another order or spoiled.
 */
public final class QueueClient {
    private final ControlCalls calls;
    private final String path;

    QueueClient(ControlCalls calls, String name) {
        this.calls = calls;
        this.path = "queues/" + name;
        change(new Requests.ChangeQueue(null, null, null, null));
    }

    /** What is received is not received again for so long. */
    public QueueClient hideFor(Duration visibility) {
        change(new Requests.ChangeQueue(visibility, null, null, null));
        return this;
    }

    /** What was received so often goes to another queue, made if there is none of that name. */
    public QueueClient redriveTo(String queue, int maxReceives) {
        change(new Requests.ChangeQueue(null, queue, maxReceives, null));
        return this;
    }

    /** Nothing is received while it is held. */
    public void hold(boolean held) {
        change(new Requests.ChangeQueue(null, null, null, held));
    }

    /** Texts of all messages in it, received or not, the first that came first. */
    public List<String> messages() {
        return ControlCalls.list(
                calls.call("GET", path + "/messages", null).path("messages"), String[].class);
    }

    /** The same, which are no longer in it then. */
    public List<String> take() {
        return ControlCalls.list(
                calls.call("DELETE", path + "/messages", null).path("messages"), String[].class);
    }

    public void send(String body) {
        calls.call("POST", path + "/messages", new Requests.Send(body, null));
    }

    /** It can be received so much later. */
    public void sendLate(String body, Duration delay) {
        calls.call("POST", path + "/messages", new Requests.Send(body, delay));
    }

    private void change(Requests.ChangeQueue change) {
        calls.call("PUT", path, change);
    }
}
