package dev.yagura.response.evidence;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.yagura.common.evidence.CanonicalJson;
import dev.yagura.proto.response.v1.EvidenceEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An entry as the bytes of its record: proto3's JSON mapping, canonical. Written by hand, because
 * what is hashed must not change with a library's version; fields that are not set are left out.
 */
final class EvidenceText {
    private EvidenceText() {}

    static String of(EvidenceEntry entry) {
        return CanonicalJson.of(object(entry));
    }

    private static Object object(Message message) {
        if (message instanceof Timestamp time) {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
        }
        Map<String, Object> object = new TreeMap<>();
        message.getAllFields()
                .forEach((field, value) -> object.put(field.getJsonName(), value(field, value)));
        return object;
    }

    private static Object value(FieldDescriptor field, Object value) {
        if (field.isMapField()) {
            return map(field, (Collection<?>) value);
        }
        if (field.isRepeated()) {
            List<Object> list = new ArrayList<>();
            ((Collection<?>) value).forEach(each -> list.add(single(field, each)));
            return list;
        }
        return single(field, value);
    }

    private static Map<String, Object> map(FieldDescriptor field, Collection<?> entries) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        Map<String, Object> map = new TreeMap<>();
        for (Object entry : entries) {
            Message pair = (Message) entry;
            map.put(String.valueOf(pair.getField(key)), single(value, pair.getField(value)));
        }
        return map;
    }

    private static Object single(FieldDescriptor field, Object value) {
        return switch (field.getJavaType()) {
            case MESSAGE -> object((Message) value);
            case ENUM -> String.valueOf(value);
            case STRING, BOOLEAN -> value;
            // Unsigned ones are negative in Java beyond 2^31.
            case INT -> isUnsigned(field) ? Integer.toUnsignedLong((Integer) value) : value;
            case LONG -> isUnsigned(field) ? Long.toUnsignedString((Long) value) : value.toString();
            case FLOAT, DOUBLE, BYTE_STRING ->
                    throw new IllegalStateException(
                            field.getFullName() + " cannot be in a record: use text");
        };
    }

    private static boolean isUnsigned(FieldDescriptor field) {
        return switch (field.getType()) {
            case UINT32, UINT64, FIXED32, FIXED64 -> true;
            case DOUBLE,
                    FLOAT,
                    INT64,
                    INT32,
                    BOOL,
                    STRING,
                    GROUP,
                    MESSAGE,
                    BYTES,
                    ENUM,
                    SFIXED32,
                    SFIXED64,
                    SINT32,
                    SINT64 ->
                    false;
        };
    }
}
