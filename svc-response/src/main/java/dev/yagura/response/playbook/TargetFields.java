package dev.yagura.response.playbook;

import com.google.common.primitives.UnsignedLong;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fields of an {@link ActionTarget} by their path, such as "process.pid". */
final class TargetFields {
    private TargetFields() {}

    /** The field, if the path leads to one. */
    static Optional<FieldDescriptor> find(String path) {
        Descriptor type = ActionTarget.getDescriptor();
        String rest = path;
        while (true) {
            int dot = rest.indexOf('.');
            @Nullable FieldDescriptor field =
                    type.findFieldByName(dot < 0 ? rest : rest.substring(0, dot));
            if (field == null || dot < 0) {
                return Optional.ofNullable(field);
            }
            if (field.isRepeated() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                return Optional.empty();
            }
            type = field.getMessageType();
            rest = rest.substring(dot + 1);
        }
    }

    /** The type that an expression for the field must have. */
    static CelType type(FieldDescriptor field) {
        CelType single =
                switch (field.getJavaType()) {
                    case STRING, ENUM -> SimpleType.STRING;
                    case INT, LONG -> isUnsigned(field) ? SimpleType.UINT : SimpleType.INT;
                    case BOOLEAN -> SimpleType.BOOL;
                    case FLOAT, DOUBLE -> SimpleType.DOUBLE;
                    case BYTE_STRING -> SimpleType.BYTES;
                    case MESSAGE ->
                            StructTypeReference.create(field.getMessageType().getFullName());
                };
        return field.isRepeated() ? ListType.create(single) : single;
    }

    private static boolean isUnsigned(FieldDescriptor field) {
        return field.getType() == FieldDescriptor.Type.UINT32
                || field.getType() == FieldDescriptor.Type.UINT64;
    }

    /**
     * Sets the field.
     *
     * @param value as CEL has it, of {@link #type}
     * @throws ExpressionException it does not fit, such as a number that is too large
     */
    static void set(ActionTarget.Builder target, String path, Object value)
            throws ExpressionException {
        Message.Builder message = target;
        String rest = path;
        for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
            message =
                    message.getFieldBuilder(
                            message.getDescriptorForType().findFieldByName(rest.substring(0, dot)));
            rest = rest.substring(dot + 1);
        }
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(rest);
        if (!field.isRepeated()) {
            message.setField(field, converted(field, value));
        } else if (value instanceof List<?> list) {
            for (Object each : list) {
                message.addRepeatedField(field, converted(field, each));
            }
        } else {
            throw new ExpressionException("is no list");
        }
    }

    private static Object converted(FieldDescriptor field, Object value)
            throws ExpressionException {
        try {
            return switch (value) {
                case Long number when field.getJavaType() == FieldDescriptor.JavaType.INT ->
                        Math.toIntExact(number);
                case UnsignedLong number when field.getJavaType() == FieldDescriptor.JavaType.INT ->
                        Integer.parseUnsignedInt(number.toString());
                case UnsignedLong number -> number.longValue();
                default -> value;
            };
        } catch (ArithmeticException | NumberFormatException e) {
            throw new ExpressionException(value + " is too large for " + field.getName());
        }
    }
}
