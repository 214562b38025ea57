package dev.yagura.sigma.correlation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A group's state as bytes: times as differences, each event id without the beginning that it
 * shares with the one before. A few bytes a match; the definition and the group are not part of it.
 */
public final class GroupStateFormat {
    private static final int VERSION = 1;
    private static final int MORE = 0x80;
    private static final int SEVEN_BITS = 0x7F;

    private GroupStateFormat() {}

    public static byte[] write(GroupState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(state.content(), out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException when the bytes are not of this format
     */
    public static GroupState read(CorrelationDefinition definition, GroupKey group, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readUnsignedByte();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "the state of a correlation group has the unknown version " + version);
            }
            return new GroupState(definition, group, read(in));
        } catch (IOException e) {
            throw new IllegalArgumentException("the state of a correlation group is cut short", e);
        }
    }

    private static void write(GroupState.Content content, DataOutputStream out) throws IOException {
        out.writeByte(VERSION);
        out.writeLong(content.closedNs());
        @Nullable SealedPart sealed = content.sealed();
        out.writeBoolean(sealed != null);
        if (sealed != null) {
            out.writeLong(sealed.firstNs());
            out.writeLong(sealed.lastNs());
            out.writeLong(sealed.summary().earliestNs());
            number(sealed.summary().events(), out);
            texts(sealed.summary().first(), out);
            texts(sealed.summary().last(), out);
        }
        number(content.entries().size(), out);
        long timeNs = 0;
        String id = "";
        for (GroupEntry entry : content.entries()) {
            BaseMatch match = entry.match();
            number(match.timeNs() - timeNs, out);
            number((long) match.rule() << 1 | (entry.qualifies() ? 1 : 0), out);
            int shared = shared(id, match.eventId());
            number(shared, out);
            text(match.eventId().substring(shared), out);
            texts(match.values(), out);
            number(match.carried().size(), out);
            for (Map.Entry<String, String> field : new TreeMap<>(match.carried()).entrySet()) {
                text(field.getKey(), out);
                text(field.getValue(), out);
            }
            timeNs = match.timeNs();
            id = match.eventId();
        }
    }

    private static GroupState.Content read(DataInputStream in) throws IOException {
        long closedNs = in.readLong();
        @Nullable SealedPart sealed = null;
        if (in.readBoolean()) {
            long firstNs = in.readLong();
            long lastNs = in.readLong();
            long earliestNs = in.readLong();
            long events = number(in);
            sealed =
                    new SealedPart(
                            new EventSummary(earliestNs, events, texts(in), texts(in)),
                            firstNs,
                            lastNs);
        }
        long size = number(in);
        List<GroupEntry> entries = new ArrayList<>();
        long timeNs = 0;
        String id = "";
        for (long i = 0; i < size; i++) {
            timeNs += number(in);
            long ruleAndFlag = number(in);
            int shared = (int) number(in);
            if (shared < 0 || shared > id.length()) {
                throw new IllegalArgumentException("the state of a correlation group is damaged");
            }
            id = id.substring(0, shared) + text(in);
            List<String> values = texts(in);
            Map<String, String> carried = new LinkedHashMap<>();
            for (long fields = number(in); fields > 0; fields--) {
                carried.put(text(in), text(in));
            }
            entries.add(
                    new GroupEntry(
                            new BaseMatch((int) (ruleAndFlag >>> 1), id, timeNs, values, carried),
                            (ruleAndFlag & 1) == 1));
        }
        return new GroupState.Content(closedNs, sealed, entries);
    }

    private static int shared(String one, String other) {
        int length = Math.min(one.length(), other.length());
        int shared = 0;
        while (shared < length && one.charAt(shared) == other.charAt(shared)) {
            shared++;
        }
        boolean splitsPair = shared > 0 && Character.isHighSurrogate(other.charAt(shared - 1));
        return splitsPair ? shared - 1 : shared;
    }

    private static void texts(List<String> texts, DataOutputStream out) throws IOException {
        number(texts.size(), out);
        for (String text : texts) {
            text(text, out);
        }
    }

    private static List<String> texts(DataInputStream in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (long size = number(in); size > 0; size--) {
            texts.add(text(in));
        }
        return texts;
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        number(utf8.length, out);
        out.write(utf8);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = (int) number(in);
        byte[] utf8 = in.readNBytes(Math.max(length, 0));
        if (utf8.length != length) {
            throw new IllegalArgumentException("the state of a correlation group is damaged");
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Seven bits a byte, the lowest first; a small negative number takes ten bytes. */
    private static void number(long number, DataOutputStream out) throws IOException {
        long rest = number;
        while ((rest & ~SEVEN_BITS) != 0) {
            out.writeByte((int) (rest & SEVEN_BITS) | MORE);
            rest >>>= 7;
        }
        out.writeByte((int) rest);
    }

    private static long number(DataInputStream in) throws IOException {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int next = in.readUnsignedByte();
            number |= (long) (next & SEVEN_BITS) << shift;
            if ((next & MORE) == 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("the state of a correlation group is damaged");
    }
}
