package dev.yagura.sigma.taxonomy;

import com.google.protobuf.UnsafeByteOperations;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the names and values of an event's raw records and unmapped fields are in its bytes. Every
 * text is checked to be UTF-8, as protobuf does.
 *
 * <p>Entries of all records stand one after the other, those of the unmapped fields at the end. In
 * the message a map is a list of entries with the name as field 1 and the value as field 2.
 */
final class EventIndex {
    private static final int NAME = 1;
    private static final int VALUE = 2;
    private static final int FIRST_ENTRIES = 40;
    private static final int FIRST_RECORDS = 6;

    /** Positions of one entry, or of one record. */
    private static final int WIDTH = 4;

    /** Fields are numbered from 1. */
    private static final int FIRST_TAG = 1 << 3;

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int DELIMITED = 2;
    private static final int FIXED32 = 5;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] bytes;
    private int at;
    private int coreEnd;

    /** Name: start, length; value: start, length. */
    private int[] entries = new int[FIRST_ENTRIES * WIDTH];

    private int entryCount;

    /** Type: start, length; first entry, entry after the last. */
    private int[] records = new int[FIRST_RECORDS * WIDTH];

    private int recordCount;
    private int unmappedFrom;

    private EventIndex(byte[] bytes, int start) {
        this.bytes = bytes;
        this.at = start;
    }

    /**
     * The index of an event.
     *
     * @return null when the event is not laid out as every serialiser does it, by field number, or
     *     is no event: protobuf is to decide
     */
    static @Nullable EventIndex of(byte[] bytes, int start, int end) {
        EventIndex index = new EventIndex(bytes, start);
        return index.readEvent(end) ? index : null;
    }

    private boolean readEvent(int end) {
        boolean inCore = true;
        boolean inRecords = true;
        while (at < end) {
            int tagAt = at;
            int tag = varint(end);
            int field = tag >>> 3;
            boolean isCore = field < Event.RAW_RECORDS_FIELD_NUMBER;
            if (inCore && !isCore) {
                inCore = false;
                coreEnd = tagAt;
            }
            boolean isRecord = field == Event.RAW_RECORDS_FIELD_NUMBER;
            if (inRecords && !isCore && !isRecord) {
                inRecords = false;
                unmappedFrom = entryCount;
            }
            if (tag < FIRST_TAG || (isCore && !inCore) || (isRecord && !inRecords)) {
                return false;
            }
            boolean read =
                    isRecord
                            ? readRecord(tag, end)
                            : field == Event.UNMAPPED_FIELD_NUMBER
                                    ? readEntry(tag, end)
                                    : skip(tag, end);
            if (!read) {
                return false;
            }
        }
        if (inCore) {
            coreEnd = end;
        }
        if (inRecords) {
            unmappedFrom = entryCount;
        }
        return at == end;
    }

    private boolean readRecord(int tag, int limit) {
        int end = end(tag, limit);
        int record = recordCount++ * WIDTH;
        if (end < 0) {
            return false;
        }
        if (record == records.length) {
            records = Arrays.copyOf(records, 2 * record);
        }
        records[record] = at;
        records[record + 1] = 0;
        records[record + 2] = entryCount;
        while (at < end) {
            int inner = varint(end);
            boolean read =
                    switch (inner >>> 3) {
                        case RawRecord.TYPE_FIELD_NUMBER -> readText(inner, end, records, record);
                        case RawRecord.FIELDS_FIELD_NUMBER -> readEntry(inner, end);
                        default -> skip(inner, end);
                    };
            if (inner < FIRST_TAG || !read) {
                return false;
            }
        }
        records[record + 3] = entryCount;
        return at == end;
    }

    private boolean readEntry(int tag, int limit) {
        int end = end(tag, limit);
        int entry = entryCount++ * WIDTH;
        if (end < 0) {
            return false;
        }
        if (entry == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entry);
        }
        Arrays.fill(entries, entry, entry + WIDTH, 0);
        while (at < end) {
            int inner = varint(end);
            boolean read =
                    switch (inner >>> 3) {
                        case NAME -> readText(inner, end, entries, entry);
                        case VALUE -> readText(inner, end, entries, entry + 2);
                        default -> skip(inner, end);
                    };
            if (inner < FIRST_TAG || !read) {
                return false;
            }
        }
        return at == end;
    }

    private boolean readText(int tag, int limit, int[] positions, int position) {
        int end = end(tag, limit);
        if (end < 0 || !isUtf8(end)) {
            return false;
        }
        positions[position] = at;
        positions[position + 1] = end - at;
        at = end;
        return true;
    }

    /** ASCII at a glance, eight bytes at a time; anything else is looked at by protobuf. */
    private boolean isUtf8(int end) {
        int next = at;
        long high = 0;
        while (next + Long.BYTES <= end) {
            high |= (long) LONGS.get(bytes, next);
            next += Long.BYTES;
        }
        if (next < end && next + Long.BYTES <= bytes.length) {
            high |= (long) LONGS.get(bytes, next) & ((1L << (end - next) * Byte.SIZE) - 1);
        } else {
            while (next < end) {
                high |= bytes[next++];
            }
        }
        return (high & HIGH_BITS) == 0 || isWideUtf8(end);
    }

    private boolean isWideUtf8(int end) {
        return UnsafeByteOperations.unsafeWrap(bytes, at, end - at).isValidUtf8();
    }

    /** Goes past a length; where what it is of ends, or -1 when that is not so. */
    private int end(int tag, int limit) {
        int length = (tag & 7) == DELIMITED ? varint(limit) : -1;
        return length < 0 || length > limit - at ? -1 : at + length;
    }

    private boolean skip(int tag, int limit) {
        int end =
                switch (tag & 7) {
                    case VARINT -> endOfVarint(limit);
                    case FIXED64 -> at + Long.BYTES;
                    case DELIMITED -> end(tag, limit);
                    case FIXED32 -> at + Integer.BYTES;
                    default -> -1;
                };
        if (end < 0 || end > limit) {
            return false;
        }
        at = end;
        return true;
    }

    /** A tag or a length; -1 when there is none of 31 bits. */
    private int varint(int limit) {
        if (at < limit && bytes[at] >= 0) {
            return bytes[at++];
        }
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE && at < limit; shift += 7) {
            byte next = bytes[at++];
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                return shift == 28 && next > 7 ? -1 : value;
            }
        }
        return -1;
    }

    private int endOfVarint(int limit) {
        int end = at;
        while (end < limit && bytes[end] < 0) {
            end++;
        }
        return end - at < 10 ? end + 1 : -1;
    }

    /** Where the core ends. */
    int coreEnd() {
        return coreEnd;
    }

    int records() {
        return recordCount;
    }

    int typeAt(int record) {
        return records[record * WIDTH];
    }

    int typeLength(int record) {
        return records[record * WIDTH + 1];
    }

    boolean isOfType(int record, FieldName type) {
        return type.is(bytes, typeAt(record), typeLength(record));
    }

    /** First entry of the record. */
    int from(int record) {
        return records[record * WIDTH + 2];
    }

    /** Entry after the last of the record. */
    int to(int record) {
        return records[record * WIDTH + 3];
    }

    int unmappedFrom() {
        return unmappedFrom;
    }

    int unmappedTo() {
        return entryCount;
    }

    int nameAt(int entry) {
        return entries[entry * WIDTH];
    }

    int nameLength(int entry) {
        return entries[entry * WIDTH + 1];
    }

    int valueAt(int entry) {
        return entries[entry * WIDTH + 2];
    }

    int valueLength(int entry) {
        return entries[entry * WIDTH + 3];
    }

    /** The record's entry of the name; -1 when it has none. */
    int field(int record, FieldName name) {
        return find(name, from(record), to(record));
    }

    /** The unmapped entry of the name; -1 when there is none. */
    int unmapped(FieldName name) {
        return find(name, unmappedFrom, entryCount);
    }

    private int find(FieldName name, int from, int to) {
        for (int entry = to - 1; entry >= from; entry--) {
            if (name.is(bytes, nameAt(entry), nameLength(entry))) {
                return entry;
            }
        }
        return -1;
    }
}
