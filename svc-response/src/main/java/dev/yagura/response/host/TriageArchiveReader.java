package dev.yagura.response.host;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Reads an archive that a host made: a gzip of a tar (POSIX ustar) of plain files. Whoever has root
 * on the host may have made something else of it, so nothing in it is believed, unpacked or kept.
 */
final class TriageArchiveReader {
    private static final String MANIFEST = "manifest.txt";
    private static final Pattern LINE =
            Pattern.compile("([0-9a-f]{64}) ([0-9]{1,12}) ([A-Za-z0-9._/-]{1,99})");
    private static final int LARGEST_MANIFEST = 1 << 20;
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_BYTES = 12;
    private static final int TYPE_AT = 156;

    private final InputStream tar;
    private final long mostBytes;
    private final Map<String, String> listed = new HashMap<>();
    private long unpacked;
    private int members;

    /**
     * What is in an archive.
     *
     * @param sha256 of all of it, lower-case hex; of what was read if it is cut
     * @param size in bytes, as far as it was read
     * @param members without the manifest
     * @param problem why it is not what its manifest says; empty when it is
     * @param isCut it is larger than it may be, and was not read to its end
     */
    record Contents(
            String sha256, long size, int members, Optional<String> problem, boolean isCut) {}

    /** What is wrong with an archive. */
    private static final class InvalidArchiveException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidArchiveException(String problem) {
            super(problem);
        }
    }

    private TriageArchiveReader(InputStream tar, long mostBytes) {
        this.tar = tar;
        this.mostBytes = mostBytes;
    }

    /**
     * Reads it to its end.
     *
     * @param mostBytes of the archive, and of what it holds
     * @param progress told of everything that was read; what it throws ends the reading
     * @throws UncheckedIOException it cannot be read on
     */
    static Contents read(InputStream archive, long mostBytes, Runnable progress) {
        MessageDigest digest = sha256();
        Source source = new Source(archive, digest, mostBytes, progress);
        Optional<String> problem = Optional.empty();
        int members = 0;
        try {
            TriageArchiveReader reader =
                    new TriageArchiveReader(new GZIPInputStream(source), mostBytes);
            reader.check();
            members = reader.members;
        } catch (InvalidArchiveException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            problem = Optional.of("it is no gzip of a tar: " + e.getMessage());
        }
        source.drain();
        if (source.isCut()) {
            problem = Optional.of("it is larger than " + mostBytes + " bytes");
        }
        return new Contents(
                HexFormat.of().formatHex(digest.digest()),
                source.count,
                members,
                problem,
                source.isCut());
    }

    private void check() throws IOException, InvalidArchiveException {
        byte[] header = new byte[BLOCK];
        while (tar.readNBytes(header, 0, BLOCK) == BLOCK && !isEnd(header)) {
            String name = text(header, 0, NAME_BYTES);
            long size = size(header, name);
            if (header[TYPE_AT] != '0' && header[TYPE_AT] != 0) {
                throw new InvalidArchiveException("its member " + name + " is no plain file");
            }
            unpacked += size;
            if (unpacked > mostBytes + LARGEST_MANIFEST) {
                throw new InvalidArchiveException("it holds more than " + mostBytes + " bytes");
            }
            if (listed.isEmpty() && members == 0) {
                list(name, size);
            } else {
                compare(name, size);
            }
            tar.skipNBytes(-size & (BLOCK - 1));
        }
        if (!listed.isEmpty()) {
            throw new InvalidArchiveException(
                    "its manifest lists %d members that it does not have, %s for one"
                            .formatted(listed.size(), listed.keySet().iterator().next()));
        }
        if (members == 0) {
            throw new InvalidArchiveException("it is empty");
        }
    }

    private void list(String name, long size) throws IOException, InvalidArchiveException {
        if (!name.equals(MANIFEST) || size > LARGEST_MANIFEST) {
            throw new InvalidArchiveException("its first member is no " + MANIFEST);
        }
        String manifest = new String(tar.readNBytes((int) size), StandardCharsets.UTF_8);
        for (String line : manifest.lines().toList()) {
            Matcher entry = LINE.matcher(line);
            if (!entry.matches()
                    || listed.put(entry.group(3), entry.group(1) + " " + entry.group(2)) != null) {
                throw new InvalidArchiveException("its manifest has a line that is none");
            }
        }
        if (listed.isEmpty()) {
            throw new InvalidArchiveException("its manifest is empty");
        }
    }

    private void compare(String name, long size) throws IOException, InvalidArchiveException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BLOCK * 16];
        for (long left = size; left > 0; ) {
            int read = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new EOFException("it ends inside " + name);
            }
            digest.update(buffer, 0, read);
            left -= read;
        }
        String found = HexFormat.of().formatHex(digest.digest()) + " " + size;
        String expected = listed.remove(name);
        if (!found.equals(expected)) {
            throw new InvalidArchiveException(
                    expected == null
                            ? "its manifest does not list " + name
                            : "its member " + name + " is not what its manifest says");
        }
        members++;
    }

    private static long size(byte[] header, String name) throws InvalidArchiveException {
        String octal = text(header, SIZE_AT, SIZE_BYTES).strip();
        if (!octal.matches("[0-7]{1,11}")) {
            throw new InvalidArchiveException("its member " + name + " has no size");
        }
        return Long.parseLong(octal, 8);
    }

    /** Up to the first NUL; one that is hostile is cut to what a terminal can show. */
    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.US_ASCII)
                .replaceAll("[^ -~]", "?");
    }

    private static boolean isEnd(byte[] header) {
        for (byte each : header) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Counts and digests what goes by, up to a limit; what breaks it is no fault of the archive.
     */
    private static final class Source extends FilterInputStream {
        private final MessageDigest digest;
        private final long most;
        private final Runnable progress;
        private long count;

        Source(InputStream in, MessageDigest digest, long most, Runnable progress) {
            super(in);
            this.digest = digest;
            this.most = most;
            this.progress = progress;
        }

        boolean isCut() {
            return count > most;
        }

        void drain() {
            byte[] buffer = new byte[1 << 16];
            while (read(buffer, 0, buffer.length) >= 0) {
                // Only counted and digested.
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) {
            if (isCut()) {
                return -1;
            }
            try {
                int read = in.read(buffer, offset, length);
                if (read > 0) {
                    digest.update(buffer, offset, read);
                    count += read;
                    progress.run();
                }
                return read;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
