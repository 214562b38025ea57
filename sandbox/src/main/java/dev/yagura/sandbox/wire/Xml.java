package dev.yagura.sandbox.wire;

import dev.yagura.sandbox.net.IpAddresses;
import java.net.InetAddress;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Elements written in order; text is escaped, absent values write nothing. */
public final class Xml {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final StringBuilder out = new StringBuilder();
    private final String item;

    private Xml(String item) {
        this.item = item;
    }

    /** EC2's lists hold {@code <item>}. */
    public static Xml ofItems() {
        return new Xml("item");
    }

    /** Lists of the other Query services hold {@code <member>}. */
    public static Xml ofMembers() {
        return new Xml("member");
    }

    public Body body() {
        return new Body.Elements(this);
    }

    public Xml text(String name, @Nullable Object value) {
        if (value != null) {
            out.append('<').append(name).append('>');
            escape(rendered(value));
            out.append("</").append(name).append('>');
        }
        return this;
    }

    public Xml text(String name, Optional<?> value) {
        return value.isPresent() ? text(name, value.get()) : this;
    }

    public Xml element(String name, Consumer<Xml> content) {
        out.append('<').append(name).append('>');
        content.accept(this);
        out.append("</").append(name).append('>');
        return this;
    }

    /** A list element with one item for each value. */
    public <T> Xml list(String name, Iterable<T> values, BiConsumer<Xml, T> content) {
        return element(
                name, list -> values.forEach(v -> list.element(item, i -> content.accept(i, v))));
    }

    /** A list element whose items are plain text. */
    public Xml texts(String name, Iterable<?> values) {
        return element(name, list -> values.forEach(value -> list.text(item, value)));
    }

    /** EC2's {@code tagSet}. */
    public Xml tags(Map<String, String> tags) {
        return list(
                "tagSet",
                tags.entrySet(),
                (xml, tag) -> xml.text("key", tag.getKey()).text("value", tag.getValue()));
    }

    /** ISO 8601 with milliseconds, as EC2 writes times. */
    public static String time(Instant instant) {
        return TIME.format(instant);
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private static String rendered(Object value) {
        return switch (value) {
            case Instant instant -> time(instant);
            case InetAddress address -> IpAddresses.format(address);
            default -> value.toString();
        };
    }

    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                default -> {
                    boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
                    out.append(control ? '\ufffd' : c);
                }
            }
        }
    }
}
