package dev.yagura.telemetry.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.regex.Pattern;

/**
 * Cuts a stream of bytes into JSON objects: one after another, with or without line ends and commas
 * between them, in an array, or in the array of a wrapper, {@code {"Records":[…]}}. What is no JSON
 * is handed over as bad, and reading goes on behind it: at the next line, or at an object that
 * begins where none may. Memory is bounded by the longest object.
 */
public final class JsonSplitter {
    /** A longer object is bad. */
    public static final int LONGEST_RECORD = 16 * 1024 * 1024;

    private static final int SHOWN = 200;
    private static final int LONGEST_WRAPPER = 64;
    private static final String[] WRAPPERS = {"{\"Records\":", "{\"Events\":"};

    private static final Pattern HEADING = Pattern.compile("Record [0-9]+\\s*");

    private final Sink sink;
    private byte[] buffer = new byte[1024];
    private int end;

    /** Where the object or garbage at hand begins, and what to look at next. */
    private int start;

    private int at;

    private Mode mode = Mode.BETWEEN;

    /** Open brackets of the object at hand; which of them are arrays. */
    private int depth;

    private final BitSet arrays = new BitSet();
    private boolean inString;
    private boolean escaped;

    /** The last byte outside strings that was not white space; '"' for a string. */
    private byte last;

    /** The object at hand is not wanted: too long, or the end of a wrapper. */
    private boolean skipping;

    private boolean wrapped;

    private enum Mode {
        BETWEEN,
        OBJECT,
        GARBAGE
    }

    /** Takes what is found, in the order of the stream. */
    public interface Sink {
        /** One object; the bytes are valid during the call. */
        void object(byte[] bytes, int from, int to);

        /**
         * What is no object.
         *
         * @param text its beginning
         */
        void bad(String text, String reason);
    }

    public JsonSplitter(Sink sink) {
        this.sink = sink;
    }

    /** The next bytes. */
    public void accept(byte[] bytes, int length) {
        append(bytes, length);
        while (at < end) {
            switch (mode) {
                case BETWEEN -> between();
                case OBJECT -> object();
                case GARBAGE -> garbage();
            }
        }
    }

    /** The stream has ended. */
    public void finish() {
        if (mode == Mode.OBJECT && !skipping) {
            bad("the object is cut off");
        } else if (mode == Mode.GARBAGE) {
            bad("no JSON object");
        }
        mode = Mode.BETWEEN;
        skipping = false;
        wrapped = false;
        start = at;
    }

    private void append(byte[] bytes, int length) {
        int from = mode == Mode.BETWEEN || skipping ? at : start;
        System.arraycopy(buffer, from, buffer, 0, end - from);
        end -= from;
        at -= from;
        start = 0;
        if (end + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(end + length, 2 * buffer.length));
        }
        System.arraycopy(bytes, 0, buffer, end, length);
        end += length;
    }

    private void between() {
        switch (buffer[at]) {
            case ' ', '\t', '\r', '\n', ',', '[' -> at++;
            case '{' -> begin();
            case ']' -> {
                at++;
                if (wrapped) {
                    wrapped = false;
                    mode = Mode.OBJECT;
                    skipping = true;
                    depth = 1;
                    arrays.clear();
                    last = ']';
                }
            }
            default -> {
                start = at;
                mode = Mode.GARBAGE;
            }
        }
    }

    private void begin() {
        start = at++;
        mode = Mode.OBJECT;
        depth = 1;
        arrays.clear();
        inString = false;
        skipping = false;
        last = '{';
    }

    private void garbage() {
        while (at < end && buffer[at] != '\n') {
            at++;
        }
        if (at < end || at - start > LONGEST_RECORD) {
            if (!isHeading()) {
                bad("no JSON object");
            }
            mode = Mode.BETWEEN;
        }
    }

    /** evtx_dump writes "Record 7" above each object. */
    private boolean isHeading() {
        return at - start <= LONGEST_WRAPPER && HEADING.matcher(text()).matches();
    }

    private void object() {
        if (inString) {
            string();
        }
        while (at < end && mode == Mode.OBJECT && !inString) {
            byte b = buffer[at];
            switch (b) {
                case ' ', '\t', '\r', '\n' -> at++;
                case '"' -> {
                    inString = true;
                    last = b;
                    at++;
                }
                case '{', '[' -> open(b);
                case '}', ']' -> close(b);
                default -> {
                    last = b;
                    at++;
                }
            }
        }
    }

    /** Goes to the end of the string; a line end in it says that it is cut. */
    private void string() {
        byte[] bytes = buffer;
        int to = end;
        int i = at;
        boolean afterBackslash = escaped;
        while (i < to) {
            byte b = bytes[i];
            if (afterBackslash) {
                afterBackslash = false;
            } else if (b == '\\') {
                afterBackslash = true;
            } else if (b == '"') {
                inString = false;
                i++;
                break;
            } else if (b == '\n') {
                at = i;
                abandon("a line ends within a text");
                return;
            }
            i++;
        }
        escaped = afterBackslash;
        at = i;
        checkLength();
    }

    private void open(byte b) {
        boolean inArray = arrays.get(depth);
        if (b == '{' && (inArray ? last != '[' && last != ',' : last != ':')) {
            abandon("the object is cut off, another begins");
            return;
        }
        if (b == '[' && depth == 1 && !skipping && isWrapper()) {
            wrapped = true;
            mode = Mode.BETWEEN;
            at++;
            return;
        }
        depth++;
        arrays.set(depth, b == '[');
        last = b;
        at++;
    }

    private void close(byte b) {
        if (arrays.get(depth) != (b == ']')) {
            at++;
            abandon("brackets that do not match");
            return;
        }
        at++;
        last = b;
        depth--;
        if (depth == 0) {
            mode = Mode.BETWEEN;
            if (!skipping) {
                sink.object(buffer, start, at);
            }
            skipping = false;
        }
    }

    /** Gives the object at hand up; what comes next is looked at as if nothing were open. */
    private void abandon(String reason) {
        if (!skipping) {
            bad(reason);
        }
        skipping = false;
        inString = false;
        escaped = false;
        mode = Mode.BETWEEN;
    }

    private void checkLength() {
        if (!skipping && at - start > LONGEST_RECORD) {
            bad("the object is longer than " + LONGEST_RECORD + " bytes");
            skipping = true;
        }
    }

    private boolean isWrapper() {
        int length = at - start;
        if (length > LONGEST_WRAPPER) {
            return false;
        }
        String text = text().replaceAll("\\s", "");
        for (String wrapper : WRAPPERS) {
            if (wrapper.equals(text)) {
                return true;
            }
        }
        return false;
    }

    private String text() {
        return new String(buffer, start, at - start, StandardCharsets.ISO_8859_1);
    }

    private void bad(String reason) {
        sink.bad(
                new String(buffer, start, Math.min(SHOWN, at - start), StandardCharsets.UTF_8),
                reason);
        start = at;
    }
}
