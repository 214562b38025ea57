package dev.yagura.inventory.filter;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What a filter says. A field that is not set is the empty text. */
public sealed interface Filter {

    /** Matches everything. */
    Filter ALL = new And(List.of());

    /** What can be asked whether a filter matches it. */
    interface Subject {
        String value(FilterField field);

        Map<String, String> tags();
    }

    /** All of them; none matches everything. */
    record And(List<Filter> parts) implements Filter {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /** One of them at least; none matches nothing. */
    record Or(List<Filter> parts) implements Filter {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Filter part) implements Filter {}

    /** The field has this value. */
    record Equal(FilterField field, String value) implements Filter {}

    /** The field has a value. */
    record Present(FilterField field) implements Filter {}

    /** There is a tag with this key and value. */
    record TagEqual(String key, String value) implements Filter {}

    /** There is a tag with this key. */
    record TagPresent(String key) implements Filter {}

    default boolean matches(Subject subject) {
        return switch (this) {
            case And and -> and.parts.stream().allMatch(part -> part.matches(subject));
            case Or or -> or.parts.stream().anyMatch(part -> part.matches(subject));
            case Not not -> !not.part.matches(subject);
            case Equal equal -> subject.value(equal.field).equals(equal.value);
            case Present present -> !subject.value(present.field).isEmpty();
            case TagEqual equal -> equal.value.equals(subject.tags().get(equal.key));
            case TagPresent present -> subject.tags().containsKey(present.key);
        };
    }

    /** Whether it says something about a field. */
    default boolean mentions(FilterField field) {
        return switch (this) {
            case And and -> and.parts.stream().anyMatch(part -> part.mentions(field));
            case Or or -> or.parts.stream().anyMatch(part -> part.mentions(field));
            case Not not -> not.part.mentions(field);
            case Equal equal -> equal.field == field;
            case Present present -> present.field == field;
            case TagEqual _, TagPresent _ -> false;
        };
    }

    /** What must hold, each by itself. */
    default Stream<Filter> conditions() {
        return this instanceof And and
                ? and.parts.stream().flatMap(Filter::conditions)
                : Stream.of(this);
    }

    default Filter and(Filter other) {
        return new And(List.of(this, other));
    }
}
