package dev.yagura.inventory.filter;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fields with one text that a filter may name; tags are apart. */
public enum FilterField {
    RESOURCE_TYPE(".+", "a resource type such as \"AWS::EC2::Instance\""),
    ACCOUNT("[0-9]{12}", "twelve digits"),
    REGION(".+", "a region such as \"eu-west-1\""),
    STATE("ACTIVE|TOMBSTONE", "ACTIVE or TOMBSTONE"),
    NATIVE_ID(".+", "a resource id such as \"i-0abc…\""),
    INSTANCE_STATE(".*", "EC2's word, such as running"),
    VPC_ID(".*", "an id such as \"vpc-0abc…\""),
    SUBNET_ID(".*", "an id such as \"subnet-0abc…\""),
    OWNER(".*", "a text"),
    ENVIRONMENT(".*", "a text"),
    CRITICALITY(".*", "a text");

    private final Pattern values;
    private final String expected;

    FilterField(String values, String expected) {
        this.values = Pattern.compile(values);
        this.expected = expected;
    }

    static Optional<FilterField> of(String name) {
        return Arrays.stream(values()).filter(field -> field.text().equals(name)).findFirst();
    }

    static String names() {
        return Arrays.stream(values()).map(FilterField::text).collect(Collectors.joining(", "));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean takes(String value) {
        return values.matcher(value).matches();
    }

    /** What it takes, for people. */
    String expected() {
        return expected;
    }
}
