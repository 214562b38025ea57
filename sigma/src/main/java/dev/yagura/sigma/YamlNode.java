package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A node with its position in the file.
 *
 * @param firstLine of the document in the file, zero-based
 */
record YamlNode(Node node, int firstLine) {

    /** Whole numbers of YAML 1.2's core schema: decimal, octal, hexadecimal. */
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");

    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final Pattern BOOLEAN = Pattern.compile("true|True|TRUE|false|False|FALSE");

    /** An entry of a mapping. */
    record Entry(YamlNode key, YamlNode value) {}

    /** Types as in YAML 1.2: "yes" and dates are text. */
    enum Kind {
        TEXT("text"),
        INTEGER("a whole number"),
        DECIMAL("a number"),
        BOOLEAN("true or false"),
        NULL("nothing"),
        LIST("a list"),
        MAP("keys and values");

        private final String description;

        Kind(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }

    Kind kind() {
        if (!(node instanceof ScalarNode scalar)) {
            return isMapping() ? Kind.MAP : Kind.LIST;
        }
        if (isNull()) {
            return Kind.NULL;
        }
        if (!scalar.isPlain() || node.getTag().equals(Tag.STR)) {
            return Kind.TEXT;
        }
        String value = scalar.getValue();
        if (INTEGER.matcher(value).matches()) {
            return Kind.INTEGER;
        }
        if (DECIMAL.matcher(value).matches()) {
            return Kind.DECIMAL;
        }
        return BOOLEAN.matcher(value).matches() ? Kind.BOOLEAN : Kind.TEXT;
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isSequence() {
        return node instanceof SequenceNode;
    }

    /** "null", "~" or nothing at all. */
    boolean isNull() {
        return node.getTag().equals(Tag.NULL);
    }

    /** Entries by key, in order; a key that is there twice is an error. */
    Map<String, Entry> entries() {
        if (!(node instanceof MappingNode mapping)) {
            throw failure("expected keys and values here");
        }
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            YamlNode key = new YamlNode(tuple.getKeyNode(), firstLine);
            Entry entry = new Entry(key, new YamlNode(tuple.getValueNode(), firstLine));
            if (entries.put(key.text(), entry) != null) {
                throw key.failure("'" + key.text() + "' is there twice");
            }
        }
        return entries;
    }

    List<YamlNode> items() {
        if (!(node instanceof SequenceNode sequence)) {
            throw failure("expected a list here");
        }
        List<YamlNode> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(new YamlNode(item, firstLine)));
        return items;
    }

    /** The scalar as it is written, whatever its type. */
    String text() {
        if (!(node instanceof ScalarNode scalar)) {
            throw failure("expected a single value here");
        }
        return scalar.getValue();
    }

    Optional<String> textIfScalar() {
        return node instanceof ScalarNode scalar
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    /** The scalar's text, where the specification wants text. */
    String string(String what) {
        if (kind() != Kind.TEXT) {
            throw failure(
                    what
                            + " is text, not "
                            + kind()
                            + (node instanceof ScalarNode scalar && !isNull()
                                    ? "; write '" + scalar.getValue() + "' in quotes"
                                    : ""));
        }
        return text();
    }

    Diagnostic diagnostic(String message) {
        return new Diagnostic(line(), column(), message);
    }

    SigmaException failure(String message) {
        return new SigmaException(line(), column(), message);
    }

    /** Points inside a scalar where that is possible: in plain text and quotes on one line. */
    SigmaException failureAt(int offset, String message) {
        boolean exact =
                node instanceof ScalarNode scalar
                        && node.getStartMark().getLine() == node.getEndMark().getLine()
                        && scalar.getScalarStyle() != ScalarStyle.LITERAL
                        && scalar.getScalarStyle() != ScalarStyle.FOLDED;
        if (!exact) {
            return failure(message);
        }
        int quote = ((ScalarNode) node).isPlain() ? 0 : 1;
        return new SigmaException(line(), column() + quote + offset, message);
    }

    private int line() {
        return firstLine + node.getStartMark().getLine() + 1;
    }

    private int column() {
        return node.getStartMark().getColumn() + 1;
    }
}
