package dev.yagura.sandbox.front;

import java.time.Duration;

/** What goes wrong with a call. */
public sealed interface Fault {
    /** Refused for its rate, in the words of the service; nothing is applied. */
    record Throttle() implements Fault {}

    /** Refused with an error; nothing is applied. */
    record Failure(String code, int status, String message) implements Fault {}

    /** Applied, but the connection is closed instead of an answer. */
    record LostReply() implements Fault {}

    /** Answered only after a while of real time; it is applied after that. */
    record Delay(Duration by) implements Fault {}

    /** A read that is answered as the same one was before; the first one as it is now. */
    record Stale() implements Fault {}
}
