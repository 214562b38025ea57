package dev.yagura.detection.rule;

import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.pack.RegressionData;
import dev.yagura.sigma.pack.RulePack;
import dev.yagura.sigma.pack.RulePackReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Rules of a zip archive, read in memory: nothing of it ever becomes a file. Bounded in files and
 * unpacked bytes, whatever the archive says about itself.
 *
 * @param skippedFiles files that are no rules
 * @param refused entries that were not read, and why; the first hundred
 */
record RuleArchive(RulePack pack, int skippedFiles, List<Refused> refused) {
    static final int MAX_PACKED_BYTES = 16 << 20;

    private static final int MAX_UNPACKED_BYTES = 32 << 20;
    private static final int MAX_ENTRIES = 20_000;
    private static final int MAX_PATH = 512;
    private static final int MAX_REFUSED = 100;

    /** A character takes up to three bytes a UTF-16 unit. */
    private static final int MAX_FILE_BYTES = 3 * SigmaParser.MAX_FILE_LENGTH;

    RuleArchive {
        refused = List.copyOf(refused);
    }

    /** An entry that was not read. */
    record Refused(String path, String reason) {}

    /** The archive as a whole cannot be used; the text says why. */
    static final class UnusableArchiveException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnusableArchiveException(String problem) {
            super(problem);
        }
    }

    /**
     * Reads it.
     *
     * @throws UnusableArchiveException it is no zip archive, or too large
     */
    static RuleArchive read(String pack, byte[] archive) {
        Reading reading = reading(archive);
        return new RuleArchive(
                new RulePack(
                        pack,
                        reading.files.values().stream()
                                .sorted(Comparator.comparing(RulePack.RuleFile::path))
                                .toList()),
                reading.skipped,
                reading.refused);
    }

    /**
     * Regression data of its rules, by path.
     *
     * @throws UnusableArchiveException it is no zip archive, or too large
     */
    static Map<String, byte[]> regressionData(byte[] archive) {
        return reading(archive).regression;
    }

    private static Reading reading(byte[] archive) {
        Reading reading = new Reading();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                reading.take(entry, zip);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new UnusableArchiveException("is no readable zip archive: " + e.getMessage());
        }
        if (reading.entries == 0) {
            throw new UnusableArchiveException("is no zip archive, or an empty one");
        }
        return reading;
    }

    /** What was read so far. */
    private static final class Reading {
        private final TreeMap<String, RulePack.RuleFile> files = new TreeMap<>();
        private final List<Refused> refused = new ArrayList<>();
        private final Map<String, byte[]> regression = new TreeMap<>();
        private int entries;
        private int skipped;
        private long unpacked;

        void take(ZipEntry entry, ZipInputStream zip) throws IOException {
            if (++entries > MAX_ENTRIES) {
                throw new UnusableArchiveException("has more than " + MAX_ENTRIES + " entries");
            }
            String path = entry.getName().replace('\\', '/');
            Optional<String> objection = objection(path);
            if (objection.isPresent()) {
                refuse(path, objection.get());
                drain(zip);
            } else if (entry.isDirectory()) {
                drain(zip);
            } else if (RegressionData.isRead(path)) {
                skipped++;
                regression.putIfAbsent(path, content(zip));
            } else if (!RulePackReader.isRule(path)) {
                skipped++;
                drain(zip);
            } else if (files.containsKey(path)) {
                refuse(path, "is there twice; the first one counts");
                drain(zip);
            } else {
                files.put(path, file(path, content(zip)));
            }
        }

        private void refuse(String path, String reason) {
            if (refused.size() < MAX_REFUSED) {
                refused.add(
                        new Refused(
                                path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path,
                                reason));
            }
        }

        /** The whole entry; what is beyond the limit of a file is counted but not kept. */
        private byte[] content(ZipInputStream zip) throws IOException {
            byte[] bytes = zip.readNBytes(MAX_FILE_BYTES + 1);
            count(bytes.length);
            drain(zip);
            return bytes;
        }

        private void drain(ZipInputStream zip) throws IOException {
            byte[] buffer = new byte[16 << 10];
            for (int read = zip.read(buffer); read >= 0; read = zip.read(buffer)) {
                count(read);
            }
        }

        private void count(int bytes) {
            unpacked += bytes;
            if (unpacked > MAX_UNPACKED_BYTES) {
                throw new UnusableArchiveException(
                        "unpacks to more than " + (MAX_UNPACKED_BYTES >> 20) + " MiB");
            }
        }
    }

    /** Why an entry is not read, whatever it holds. */
    private static Optional<String> objection(String path) {
        if (path.length() > MAX_PATH) {
            return Optional.of("has a path of more than " + MAX_PATH + " characters");
        }
        if (path.startsWith("/") || path.matches("[A-Za-z]:.*")) {
            return Optional.of("has an absolute path");
        }
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                return Optional.of("has a path that leads out of the archive");
            }
        }
        return path.chars().anyMatch(Character::isISOControl)
                ? Optional.of("has control characters in its path")
                : Optional.empty();
    }

    private static RulePack.RuleFile file(String path, byte[] bytes) {
        if (bytes.length > MAX_FILE_BYTES) {
            return new RulePack.RuleFile(
                    path, "", "the file has more than " + MAX_FILE_BYTES + " bytes");
        }
        try {
            return new RulePack.RuleFile(
                    path,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(bytes))
                            .toString(),
                    "");
        } catch (CharacterCodingException e) {
            return new RulePack.RuleFile(path, "", "the file is not UTF-8");
        }
    }
}
