package dev.yagura.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import dev.yagura.common.error.InvalidFieldException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages of the contract in ProtoJSON, the form that protobuf defines for JSON. */
final class JsonMessages {
    private static final TypeRegistry ERROR_DETAILS =
            TypeRegistry.newBuilder()
                    .add(ErrorInfo.getDescriptor())
                    .add(BadRequest.getDescriptor())
                    .add(PreconditionFailure.getDescriptor())
                    .add(ResourceInfo.getDescriptor())
                    .add(RetryInfo.getDescriptor())
                    .build();

    private static final JsonFormat.Parser PARSER = JsonFormat.parser();
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().usingTypeRegistry(ERROR_DETAILS).omittingInsignificantWhitespace();

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonMessages() {}

    /**
     * A request.
     *
     * @param variables fields that the path has, by their paths
     * @param query names are paths of fields: "filter.state", also "pageSize"
     * @param body empty for none
     * @throws InvalidFieldException it is none of this method; names the field
     */
    static Message request(
            HttpRule rule,
            Map<String, String> variables,
            Map<String, List<String>> query,
            String body) {
        DynamicMessage.Builder request = DynamicMessage.newBuilder(rule.method().getInputType());
        if (rule.hasBody()) {
            if (!query.isEmpty()) {
                throw new InvalidFieldException(
                        query.keySet().iterator().next(),
                        "stands in the query",
                        "send it in the JSON body");
            }
            merge(request, body.isBlank() ? "{}" : body, "body");
        } else {
            if (!body.isBlank()) {
                throw new InvalidFieldException(
                        "body", "is not read here", "send the fields in the query");
            }
            merge(request, json(rule.method().getInputType(), query), "query");
        }
        variables.forEach((path, value) -> set(request, path, value));
        return request.build();
    }

    /** What a method answered; one line of JSON. */
    static String answer(HttpRule rule, byte[] message) {
        try {
            return text(DynamicMessage.parseFrom(rule.method().getOutputType(), message));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    rule.method().getFullName() + " answered something else", e);
        }
    }

    /** One line of JSON. */
    static String text(MessageOrBuilder message) {
        try {
            return PRINTER.print(message);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer has details of a type unknown here", e);
        }
    }

    private static void merge(Message.Builder request, String json, String where) {
        try {
            PARSER.merge(json, request);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidFieldException(
                    where,
                    String.valueOf(e.getMessage()),
                    "send the fields of " + request.getDescriptorForType().getFullName());
        }
    }

    /** ProtoJSON takes every scalar as a string, so what fields hold need not be known here. */
    private static String json(Descriptor type, Map<String, List<String>> query) {
        ObjectNode json = NODES.objectNode();
        query.forEach((path, values) -> put(json, type, path, path, values));
        return json.toString();
    }

    private static void put(
            ObjectNode json, Descriptor type, String path, String rest, List<String> values) {
        int dot = rest.indexOf('.');
        String name = dot < 0 ? rest : rest.substring(0, dot);
        FieldDescriptor field = field(type, name);
        if (field == null) {
            throw unknown(path, type);
        }
        if (dot < 0) {
            if (field.isRepeated()) {
                ArrayNode array = NODES.arrayNode();
                values.forEach(array::add);
                json.set(name, array);
            } else if (values.size() == 1) {
                json.put(name, values.getFirst());
            } else {
                throw new InvalidFieldException(path, "is there more than once", "send it once");
            }
            return;
        }
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE || field.isRepeated()) {
            throw unknown(path, type);
        }
        ObjectNode inner = json.get(name) instanceof ObjectNode begun ? begun : NODES.objectNode();
        json.set(name, inner);
        put(inner, field.getMessageType(), path, rest.substring(dot + 1), values);
    }

    private static @Nullable FieldDescriptor field(Descriptor type, String name) {
        return type.getFields().stream()
                .filter(each -> each.getName().equals(name) || each.getJsonName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static InvalidFieldException unknown(String path, Descriptor type) {
        return new InvalidFieldException(
                path, "there is no such field", "send fields of " + type.getFullName());
    }

    /**
     * A body that says something else than the path is refused: nobody could know what was meant.
     */
    private static void set(Message.Builder message, String path, String value) {
        int dot = path.indexOf('.');
        FieldDescriptor field =
                message.getDescriptorForType()
                        .findFieldByName(dot < 0 ? path : path.substring(0, dot));
        if (dot >= 0) {
            set(message.getFieldBuilder(field), path.substring(dot + 1), value);
            return;
        }
        Object sent = message.getField(field);
        if (!sent.equals("") && !sent.equals(value)) {
            throw new InvalidFieldException(
                    path, "is not what the path says", "leave it out, or send " + value);
        }
        message.setField(field, value);
    }
}
