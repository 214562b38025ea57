package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tags as requests give them, and AWS's rules for them. */
final class TagParameters {
    /** Shapes of {@code TagSpecification} for operations that create something. */
    static final String[] SPECIFICATION = {
        "TagSpecification.N.ResourceType",
        "TagSpecification.N.Tag.N.Key",
        "TagSpecification.N.Tag.N.Value"
    };

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;

    private TagParameters() {}

    /** Tags of {@code Tag.N.Key} and {@code Tag.N.Value}. */
    static Map<String, String> read(Parameters parameters) {
        Map<String, String> tags = new TreeMap<>();
        for (Parameters tag : parameters.structures("Tag")) {
            String key = tag.required("Key");
            String value = tag.text("Value").orElse("");
            checkKey(key);
            if (value.length() > LONGEST_VALUE) {
                throw ApiFault.of(
                        "InvalidParameterValue",
                        "Tag value exceeds the maximum length of %d characters",
                        LONGEST_VALUE);
            }
            if (tags.put(key, value) != null) {
                throw ApiFault.of(
                        "InvalidParameterValue", "Duplicate tag key '%s' specified.", key);
            }
        }
        return tags;
    }

    /** Tags of {@code TagSpecification.N} for a resource that is about to be created. */
    static Map<String, String> ofNew(World world, Parameters parameters, String resourceType) {
        List<Parameters> specifications = parameters.structures("TagSpecification");
        Map<String, String> tags = new TreeMap<>();
        for (Parameters specification : specifications) {
            if (!specification.required("ResourceType").equals(resourceType)) {
                throw ApiFault.of(
                        "InvalidParameterValue",
                        "'%s' is not a valid taggable resource type for this operation.",
                        specification.required("ResourceType"));
            }
            tags.putAll(read(specification));
        }
        checkCount(world, tags.size());
        return tags;
    }

    static void checkKey(String key) {
        if (key.length() > LONGEST_KEY) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Tag key exceeds the maximum length of %d characters",
                    LONGEST_KEY);
        }
        if (key.startsWith("aws:")) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Tag keys starting with 'aws:' are reserved for internal use");
        }
    }

    static void checkCount(World world, int count) {
        int most = world.limits().tagsPerResource();
        if (count > most) {
            throw ApiFault.of(
                    "TagLimitExceeded", "More than %d tags specified for a single resource.", most);
        }
    }
}
