package dev.yagura.telemetry.recording;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;

/** Files with a byte order mark, as UTF-8 without one. Exports of Windows are often UTF-16. */
final class ByteOrderMark {
    private static final int UTF_8_LENGTH = 3;

    private ByteOrderMark() {}

    /** Not buffered: of a damaged file all is read that is before the damage. */
    static InputStream decoded(InputStream raw) throws IOException {
        PushbackInputStream in = new PushbackInputStream(raw, UTF_8_LENGTH);
        byte[] mark = in.readNBytes(UTF_8_LENGTH);
        if (starts(mark, 0xef, 0xbb, 0xbf)) {
            return in;
        }
        boolean littleEndian = starts(mark, 0xff, 0xfe);
        boolean utf16 = littleEndian || starts(mark, 0xfe, 0xff);
        int skipped = utf16 ? 2 : 0;
        in.unread(mark, skipped, mark.length - skipped);
        if (!utf16) {
            return in;
        }
        return new Transcoded(
                new InputStreamReader(
                        in, littleEndian ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE));
    }

    private static boolean starts(byte[] bytes, int... beginning) {
        if (bytes.length < beginning.length) {
            return false;
        }
        for (int i = 0; i < beginning.length; i++) {
            if ((bytes[i] & 0xff) != beginning[i]) {
                return false;
            }
        }
        return true;
    }

    private static final class Transcoded extends InputStream {
        private static final int SIZE = 8192;

        private final Reader reader;
        private final char[] chars = new char[SIZE];
        private ByteBuffer bytes = ByteBuffer.allocate(0);
        private char highSurrogate;

        Transcoded(Reader reader) {
            this.reader = reader;
        }

        @Override
        public int read() throws IOException {
            return fill() ? bytes.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, bytes.remaining());
            bytes.get(target, offset, count);
            return count;
        }

        /** A pair of surrogates may be cut by the end of the buffer: its first half waits. */
        private boolean fill() throws IOException {
            while (!bytes.hasRemaining()) {
                int from = highSurrogate == 0 ? 0 : 1;
                chars[0] = highSurrogate;
                int read = reader.read(chars, from, SIZE - from);
                if (read < 0) {
                    return false;
                }
                int length = from + read;
                highSurrogate = 0;
                if (Character.isHighSurrogate(chars[length - 1])) {
                    highSurrogate = chars[--length];
                }
                bytes = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars, 0, length));
            }
            return true;
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }
}
