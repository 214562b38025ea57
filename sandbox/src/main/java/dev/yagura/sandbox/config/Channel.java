package dev.yagura.sandbox.config;

import dev.yagura.sandbox.messaging.Queue;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where changes are told.
 *
 * @param bucket of notifications that are too large; null if there is none
 * @param limit bytes of a notification that is told whole
 */
public record Channel(Queue queue, Form form, @Nullable String bucket, int limit) {
    /** What SNS and EventBridge take. */
    public static final int LARGEST = 256 * 1024;

    /** What stands between AWS Config and the queue. */
    public enum Form {
        /** A topic whose subscription wraps the notification as a text. */
        SNS("sns"),
        /** A topic whose subscription delivers the notification as it is. */
        SNS_RAW("sns-raw"),
        /** A rule: the notification is the detail of an event. */
        EVENT_BRIDGE("event-bridge");

        private final String text;

        Form(String text) {
            this.text = text;
        }

        /**
         * Reads the control API's word.
         *
         * @throws IllegalArgumentException if it is none
         */
        public static Form of(@Nullable String text) {
            return Arrays.stream(values())
                    .filter(form -> form.text.equals(text))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "form must be sns, sns-raw or event-bridge"));
        }
    }
}
