package dev.yagura.common.yaml;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A message written in YAML by the names of its fields. Enum values are in lower case without the
 * prefix of their type. Scalars are taken as they are written: a condition "true" needs no quotes.
 */
public final class YamlMessage {
    private static final int MAX_DEPTH = 20;

    private final Map<String, Mark> marks = new HashMap<>();
    private final List<SourceProblem> problems = new ArrayList<>();

    private YamlMessage() {}

    /** Reads what can be read into the message; {@link #problems} has the rest. */
    public static YamlMessage read(String yaml, Message.Builder message) {
        YamlMessage read = new YamlMessage();
        try {
            @Nullable Node root =
                    new Yaml(new SafeConstructor(options())).compose(new StringReader(yaml));
            if (root == null) {
                read.problems.add(SourceProblem.ofAll("is empty"));
            } else {
                read.message(root, "", message);
            }
        } catch (MarkedYAMLException e) {
            @Nullable Mark mark = e.getProblemMark();
            read.problems.add(at(mark, String.valueOf(e.getProblem())));
        } catch (YAMLException e) {
            read.problems.add(SourceProblem.ofAll(String.valueOf(e.getMessage())));
        }
        return read;
    }

    private static LoaderOptions options() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(0);
        return options;
    }

    public List<SourceProblem> problems() {
        return List.copyOf(problems);
    }

    /**
     * A problem where a field was written, or the nearest one around it.
     *
     * @param path such as "steps[0].parallel[1].steps[0].when"
     */
    public SourceProblem problem(String path, String message) {
        String near = path;
        while (!near.isEmpty() && !marks.containsKey(near)) {
            near =
                    near.substring(
                            0, Math.max(0, Math.max(near.lastIndexOf('.'), near.lastIndexOf('['))));
        }
        return at(marks.get(near), message);
    }

    private void message(Node node, String path, Message.Builder message) {
        marks.put(path, node.getStartMark());
        for (NodeTuple entry : entries(node)) {
            String key = text(entry.getKeyNode());
            @Nullable FieldDescriptor field = message.getDescriptorForType().findFieldByName(key);
            if (field == null) {
                String known =
                        message.getDescriptorForType().getFields().stream()
                                .map(FieldDescriptor::getName)
                                .collect(Collectors.joining(", "));
                problems.add(
                        at(
                                entry.getKeyNode().getStartMark(),
                                "\"" + key + "\" is no field; write one of " + known));
            } else {
                field(
                        entry.getValueNode(),
                        path.isEmpty() ? key : path + "." + key,
                        message,
                        field);
            }
        }
    }

    private void field(Node node, String path, Message.Builder message, FieldDescriptor field) {
        marks.put(path, node.getStartMark());
        if (field.isMapField()) {
            map(node, path, message, field);
        } else if (field.isRepeated()) {
            list(node, path, message, field);
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            Message.Builder inner = message.newBuilderForField(field);
            message(node, path, inner);
            message.setField(field, inner.build());
        } else {
            scalar(node, field).ifPresent(value -> message.setField(field, value));
        }
    }

    private void list(Node node, String path, Message.Builder message, FieldDescriptor field) {
        if (!(node instanceof SequenceNode sequence)) {
            problems.add(at(node.getStartMark(), field.getName() + " is a list"));
            return;
        }
        int index = 0;
        for (Node item : sequence.getValue()) {
            String itemPath = path + "[" + index++ + "]";
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                Message.Builder inner = message.newBuilderForField(field);
                message(item, itemPath, inner);
                message.addRepeatedField(field, inner.build());
            } else {
                scalar(item, field).ifPresent(value -> message.addRepeatedField(field, value));
            }
        }
    }

    private void map(Node node, String path, Message.Builder message, FieldDescriptor field) {
        FieldDescriptor keys = field.getMessageType().findFieldByName("key");
        FieldDescriptor values = field.getMessageType().findFieldByName("value");
        for (NodeTuple entry : entries(node)) {
            String key = text(entry.getKeyNode());
            marks.put(path + "." + key, entry.getValueNode().getStartMark());
            scalar(entry.getValueNode(), values)
                    .ifPresent(value ->
                            message.addRepeatedField(
                                    field,
                                    message.newBuilderForField(field)
                                            .setField(keys, key)
                                            .setField(values, value)
                                            .build()));
        }
    }

    private List<NodeTuple> entries(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            if (!node.getTag().equals(Tag.NULL)) {
                problems.add(at(node.getStartMark(), "expected keys and values here"));
            }
            return List.of();
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            String key = text(entry.getKeyNode());
            if (!seen.add(key)) {
                problems.add(
                        at(entry.getKeyNode().getStartMark(), "\"" + key + "\" is there twice"));
            }
        }
        return mapping.getValue();
    }

    private Optional<Object> scalar(Node node, FieldDescriptor field) {
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(at(node.getStartMark(), field.getName() + " is a single value"));
            return Optional.empty();
        }
        String text = scalar.getValue();
        return switch (field.getJavaType()) {
            case STRING -> Optional.of(text);
            case INT -> integer(scalar, field);
            case BOOLEAN -> bool(scalar, field);
            case ENUM -> constant(scalar, field.getEnumType());
            case LONG, FLOAT, DOUBLE, BYTE_STRING, MESSAGE ->
                    throw new IllegalStateException(field + " cannot be written in YAML");
        };
    }

    private Optional<Object> integer(ScalarNode node, FieldDescriptor field) {
        try {
            return Optional.of(Integer.parseInt(node.getValue()));
        } catch (NumberFormatException e) {
            problems.add(at(node.getStartMark(), field.getName() + " is a whole number"));
            return Optional.empty();
        }
    }

    private Optional<Object> bool(ScalarNode node, FieldDescriptor field) {
        return switch (node.getValue()) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> {
                problems.add(at(node.getStartMark(), field.getName() + " is true or false"));
                yield Optional.empty();
            }
        };
    }

    private Optional<Object> constant(ScalarNode node, EnumDescriptor type) {
        String prefix = prefix(type);
        @Nullable EnumValueDescriptor value =
                type.findValueByName(prefix + node.getValue().toUpperCase(Locale.ROOT));
        if (value == null || value.getNumber() == 0) {
            String known =
                    type.getValues().stream()
                            .filter(each -> each.getNumber() > 0)
                            .map(each ->
                                    each.getName()
                                            .substring(prefix.length())
                                            .toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
            problems.add(
                    at(node.getStartMark(), "\"" + node.getValue() + "\" is none of " + known));
            return Optional.empty();
        }
        return Optional.of(value);
    }

    /** "ON_FAILURE_" of OnFailure: what its first value has before "UNSPECIFIED". */
    private static String prefix(EnumDescriptor type) {
        String first = type.getValues().getFirst().getName();
        return first.substring(0, first.length() - "UNSPECIFIED".length());
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }

    private static SourceProblem at(@Nullable Mark mark, String message) {
        return mark == null
                ? SourceProblem.ofAll(message)
                : new SourceProblem(mark.getLine() + 1, mark.getColumn() + 1, message);
    }
}
