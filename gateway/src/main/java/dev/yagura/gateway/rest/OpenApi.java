package dev.yagura.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON API as an OpenAPI 3.0 document, made from the contract. */
final class OpenApi {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z0-9]+)}");
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String ERROR = "Error";

    /** Messages that ProtoJSON writes in a form of their own. */
    private static final Map<String, String> FORMS =
            Map.of(
                    "google.protobuf.Timestamp", "date-time",
                    "google.protobuf.Duration", "duration",
                    "google.protobuf.FieldMask", "field-mask");

    private final Map<String, ObjectNode> schemas = new TreeMap<>();

    private OpenApi() {}

    static String document(HttpTable table) {
        return new OpenApi().whole(table).toString();
    }

    private ObjectNode whole(HttpTable table) {
        schemas.put(ERROR, error());
        ObjectNode paths = NODES.objectNode();
        table.byPath().forEach((path, rules) -> paths.set(path, operations(path, rules)));
        ObjectNode all = NODES.objectNode();
        schemas.forEach(all::set);
        ObjectNode bearer = NODES.objectNode();
        bearer.put("type", "http");
        bearer.put("scheme", "bearer");
        ObjectNode components = NODES.objectNode();
        components.set("schemas", all);
        components.set("securitySchemes", object("token", bearer));
        ObjectNode info = NODES.objectNode();
        info.put("title", "Yagura");
        info.put("version", "v1");
        ObjectNode document = NODES.objectNode();
        document.put("openapi", "3.0.3");
        document.set("info", info);
        document.set("paths", paths);
        document.set("components", components);
        document.set("security", array(object("token", NODES.arrayNode())));
        return document;
    }

    private ObjectNode operations(String path, List<HttpRule> rules) {
        ObjectNode operations = NODES.objectNode();
        for (HttpRule rule : rules) {
            operations.set(rule.verb().text().toLowerCase(Locale.ROOT), operation(path, rule));
        }
        return operations;
    }

    private ObjectNode operation(String path, HttpRule rule) {
        String service = rule.method().getService().getName();
        ArrayNode parameters = NODES.arrayNode();
        Matcher inPath = PARAMETER.matcher(path);
        while (inPath.find()) {
            parameters.add(parameter(inPath.group(1), "path", type("string")));
        }
        ObjectNode operation = NODES.objectNode();
        operation.put("operationId", service + "_" + rule.method().getName());
        ArrayNode tags = NODES.arrayNode();
        tags.add(service);
        operation.set("tags", tags);
        Descriptor input = rule.method().getInputType();
        if (rule.hasBody()) {
            operation.set("requestBody", content("application/json", reference(input)));
        } else {
            addQuery(parameters, input, "", rule.path().fields());
        }
        operation.set("parameters", parameters);
        ObjectNode answer = reference(rule.method().getOutputType());
        ObjectNode good =
                rule.isStream()
                        ? content("application/x-ndjson", lines(answer))
                        : content("application/json", answer);
        good.put("description", "OK");
        ObjectNode bad = content("application/json", reference(ERROR));
        bad.put("description", "Any error");
        ObjectNode responses = object("200", good);
        responses.set("default", bad);
        operation.set("responses", responses);
        return operation;
    }

    /** Each line of a stream. */
    private static ObjectNode lines(ObjectNode answer) {
        ObjectNode properties = object("result", answer);
        ObjectNode line = type("object");
        line.set("properties", properties);
        return line;
    }

    private void addQuery(
            ArrayNode parameters, Descriptor type, String prefix, List<String> inPath) {
        for (FieldDescriptor field : type.getFields()) {
            if (inPath.contains(prefix + field.getName())) {
                continue;
            }
            boolean isNested =
                    field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                            && !FORMS.containsKey(field.getMessageType().getFullName());
            if (!isNested) {
                parameters.add(parameter(prefix + field.getJsonName(), "query", schema(field)));
            } else if (!field.isRepeated() && prefix.isEmpty()) {
                addQuery(parameters, field.getMessageType(), field.getJsonName() + ".", inPath);
            }
        }
    }

    private static ObjectNode parameter(String name, String in, ObjectNode schema) {
        ObjectNode parameter = NODES.objectNode();
        parameter.put("name", name);
        parameter.put("in", in);
        if (in.equals("path")) {
            parameter.put("required", true);
        }
        parameter.set("schema", schema);
        return parameter;
    }

    private ObjectNode reference(Descriptor type) {
        if (!schemas.containsKey(type.getFullName())) {
            ObjectNode schema = type("object");
            // Before its fields: messages may hold themselves.
            schemas.put(type.getFullName(), schema);
            ObjectNode properties = NODES.objectNode();
            type.getFields().forEach(field -> properties.set(field.getJsonName(), schema(field)));
            schema.set("properties", properties);
        }
        return reference(type.getFullName());
    }

    private ObjectNode schema(FieldDescriptor field) {
        if (field.isMapField()) {
            ObjectNode map = type("object");
            map.set(
                    "additionalProperties",
                    single(field.getMessageType().findFieldByName("value")));
            return map;
        }
        if (field.isRepeated()) {
            ObjectNode list = type("array");
            list.set("items", single(field));
            return list;
        }
        return single(field);
    }

    private ObjectNode single(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT -> type("integer");
            // As ProtoJSON has them: JavaScript's numbers would lose digits.
            case LONG -> formatted("string", "int64");
            case FLOAT, DOUBLE -> type("number");
            case BOOLEAN -> type("boolean");
            case STRING -> type("string");
            case BYTE_STRING -> formatted("string", "byte");
            case ENUM -> enumeration(field);
            case MESSAGE -> {
                String form = FORMS.get(field.getMessageType().getFullName());
                yield form == null ? reference(field.getMessageType()) : formatted("string", form);
            }
        };
    }

    private static ObjectNode enumeration(FieldDescriptor field) {
        ArrayNode names = NODES.arrayNode();
        field.getEnumType().getValues().stream()
                .map(EnumValueDescriptor::getName)
                .forEach(names::add);
        ObjectNode schema = type("string");
        schema.set("enum", names);
        return schema;
    }

    private static ObjectNode error() {
        ObjectNode properties = NODES.objectNode();
        properties.set("code", type("integer"));
        properties.set("message", type("string"));
        properties.set("status", type("string"));
        ObjectNode details = type("array");
        details.set("items", type("object"));
        properties.set("details", details);
        ObjectNode inner = type("object");
        inner.set("properties", properties);
        ObjectNode whole = type("object");
        whole.set("properties", object("error", inner));
        return whole;
    }

    private static ObjectNode content(String mediaType, ObjectNode schema) {
        return object("content", object(mediaType, object("schema", schema)));
    }

    private static ObjectNode reference(String name) {
        ObjectNode reference = NODES.objectNode();
        reference.put("$ref", SCHEMAS + name);
        return reference;
    }

    private static ObjectNode type(String type) {
        ObjectNode schema = NODES.objectNode();
        schema.put("type", type);
        return schema;
    }

    private static ObjectNode formatted(String type, String format) {
        ObjectNode schema = type(type);
        schema.put("format", format);
        return schema;
    }

    private static ObjectNode object(String name, JsonNode value) {
        ObjectNode object = NODES.objectNode();
        object.set(name, value);
        return object;
    }

    private static ArrayNode array(ObjectNode only) {
        ArrayNode array = NODES.arrayNode();
        array.add(only);
        return array;
    }
}
