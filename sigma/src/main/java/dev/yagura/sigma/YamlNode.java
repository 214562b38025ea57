package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** An entry of a mapping. */
    record Entry(YamlNode key, YamlNode value) {}

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
