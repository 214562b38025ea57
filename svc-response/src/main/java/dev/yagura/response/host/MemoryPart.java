package dev.yagura.response.host;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part as a host lists it.
 *
 * @param number from 1
 * @param start first byte of physical memory
 * @param length of memory in it
 * @param storedBytes compressed
 * @param sha256 of what is stored
 */
record MemoryPart(int number, long start, long length, long storedBytes, String sha256) {
    private static final Pattern LINE =
            Pattern.compile(
                    "([0-9]{1,9}) ([0-9]{1,18}) ([0-9]{1,12}) ([0-9]{1,12}) ([0-9a-f]{64})");

    /** Empty for a line that is none. */
    static Optional<MemoryPart> parse(String line) {
        Matcher fields = LINE.matcher(line);
        return fields.matches()
                ? Optional.of(
                        new MemoryPart(
                                Integer.parseInt(fields.group(1)),
                                Long.parseLong(fields.group(2)),
                                Long.parseLong(fields.group(3)),
                                Long.parseLong(fields.group(4)),
                                fields.group(5)))
                : Optional.empty();
    }

    /** The last byte. */
    long end() {
        return start + length - 1;
    }

    /** Name of its object. */
    static String name(int number) {
        return "part-%06d".formatted(number);
    }

    /** Name of the list that begins with a part. */
    static String listName(int first) {
        return "list-%06d".formatted(first);
    }
}
