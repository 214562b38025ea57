package dev.yagura.detection.alert;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import dev.yagura.proto.telemetry.v1.Event;
import java.util.List;
import java.util.Map;

/**
 * A copy of an event that fits into an alert.
 *
 * @param truncated true when something was left out or cut
 */
record BoundedCopy(Event event, boolean truncated) {
    static final int MAX_BYTES = 16 * 1024;
    private static final int FIRST_TEXT_LIMIT = 4096;
    private static final int FIRST_ITEM_LIMIT = 128;

    /** The source's raw records go first, then long texts and long lists are cut until it fits. */
    static BoundedCopy of(Event event) {
        if (event.getSerializedSize() <= MAX_BYTES) {
            return new BoundedCopy(event, false);
        }
        Event smaller =
                event.toBuilder()
                        .clearRawRecords()
                        .setUnknownFields(UnknownFieldSet.getDefaultInstance())
                        .build();
        int texts = FIRST_TEXT_LIMIT;
        int items = FIRST_ITEM_LIMIT;
        while (smaller.getSerializedSize() > MAX_BYTES) {
            Event.Builder cut = smaller.toBuilder();
            cut(cut, texts, items);
            smaller = cut.build();
            texts /= 2;
            items = Math.max(1, items / 2);
        }
        return new BoundedCopy(smaller, true);
    }

    private static void cut(Message.Builder message, int texts, int items) {
        message.setUnknownFields(UnknownFieldSet.getDefaultInstance());
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            if (descriptor.isRepeated()) {
                List<?> all = (List<?>) field.getValue();
                message.clearField(descriptor);
                all.stream()
                        .limit(items)
                        .forEach(item ->
                                message.addRepeatedField(descriptor, cut(item, texts, items)));
            } else {
                message.setField(descriptor, cut(field.getValue(), texts, items));
            }
        }
    }

    private static Object cut(Object value, int texts, int items) {
        return switch (value) {
            case String text when text.length() > texts ->
                    // Not in the middle of a character of two halves.
                    text.substring(
                            0,
                            Character.isHighSurrogate(text.charAt(texts - 1)) ? texts - 1 : texts);
            case ByteString bytes when bytes.size() > texts -> bytes.substring(0, texts);
            case Message part -> {
                Message.Builder builder = part.toBuilder();
                cut(builder, texts, items);
                yield builder.build();
            }
            default -> value;
        };
    }
}
