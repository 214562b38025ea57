package dev.yagura.response.host;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Memory of a host that is none: files that stand for /proc/kcore and /proc/iomem under a root, and
 * a folder in this machine's memory for /run.
 *
 * <p>RAM is 0x1000-0x9bff and 0x100000-0x124fff, which kcore has in two segments, and
 * 0x200000-0x201fff, of which it has the first page.
 */
public final class FakeMemory implements AutoCloseable {
    /** Of whole pages that kcore has. */
    public static final long BYTES = 0x8000 + 0x25000 + 0x1000;

    /** In RAM, and nowhere else. */
    static final String MARK = "this must not get to a disk of the host";

    private static final int HEADER = 64;
    private static final int PROGRAM_HEADER = 56;
    private static final int PHYSICAL_ADDRESS = 24;
    private static final long DIRECT_MAP = 0xffff888000000000L;
    private static final long NO_ADDRESS = -1;

    private final Path root;
    private final Path run;
    private final List<Segment> segments = new ArrayList<>();

    /** Of kcore. */
    private record Segment(long address, long place, byte[] content) {}

    /**
     * A segment of an image.
     *
     * @param end the last byte
     */
    record Lime(long start, long end, byte[] content) {}

    private FakeMemory(Path root, Path run) {
        this.root = root;
        this.run = run;
    }

    /** In a folder that is there, or not yet. */
    public static FakeMemory at(Path root) throws IOException {
        Files.createDirectories(root.resolve("proc"));
        Path run = Files.createTempDirectory(Path.of("/dev/shm"), "yagura");
        Files.createSymbolicLink(root.resolve("run"), run);
        FakeMemory memory = new FakeMemory(root, run);
        Random random = new Random(1);
        memory.fill(0x1000, 0x3000, 0x9000, random);
        memory.fill(0x100000, 0x20000000, 0x25000, random);
        memory.fill(0x200000, 0x40000000, 0x1000, random);
        memory.write();
        Files.writeString(root.resolve("proc/meminfo"), "MemAvailable:    8000000 kB\n");
        Files.writeString(
                root.resolve("proc/iomem"),
                """
                00000000-00000fff : Reserved
                00001000-00009bff : System RAM
                00100000-00124fff : System RAM
                  00101000-00101fff : Kernel code
                00200000-00201fff : System RAM
                00400000-00400fff : PCI Bus
                """);
        return memory;
    }

    /** Another range, of 2 MiB. */
    void grow() throws IOException {
        fill(0x10000000, 0x50000000, 2 << 20, new Random(2));
        write();
        Path iomem = root.resolve("proc/iomem");
        Files.writeString(iomem, Files.readString(iomem) + "10000000-101fffff : System RAM\n");
    }

    /** As an old kernel writes its program headers. */
    void forgetAddresses() throws IOException {
        try (RandomAccessFile kcore =
                new RandomAccessFile(root.resolve("proc/kcore").toFile(), "rw")) {
            for (int header = 0; header < segments.size() + 2; header++) {
                kcore.seek(HEADER + (long) header * PROGRAM_HEADER + PHYSICAL_ADDRESS);
                kcore.writeLong(0);
            }
        }
    }

    private void fill(long address, long place, int length, Random random) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        byte[] mark = MARK.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(mark, 0, content, 100, mark.length);
        segments.add(new Segment(address, place, content));
    }

    /** As a kernel that runs does: what is in memory is another thing by now. */
    void change() throws IOException {
        for (Segment segment : segments) {
            for (int i = 0; i < segment.content().length; i += 64) {
                segment.content()[i]++;
            }
        }
        write();
    }

    private void write() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(0x1000).order(ByteOrder.LITTLE_ENDIAN);
        head.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        head.putShort((short) 4).putShort((short) 62).putInt(1).putLong(0).putLong(HEADER);
        head.putLong(0).putInt(0).putShort((short) HEADER).putShort((short) PROGRAM_HEADER);
        head.putShort((short) (segments.size() + 2)).position(HEADER);
        programHeader(head, 4, 0x200, 0, 0, 0x40);
        // vmalloc, which is no RAM of its own.
        programHeader(head, 1, 0x7000000000L, 0xffffc90000000000L, NO_ADDRESS, 1L << 45);
        for (Segment each : segments) {
            programHeader(
                    head,
                    1,
                    each.place(),
                    DIRECT_MAP + each.address(),
                    each.address(),
                    each.content().length);
        }
        try (RandomAccessFile kcore =
                new RandomAccessFile(root.resolve("proc/kcore").toFile(), "rw")) {
            kcore.write(head.array());
            for (Segment each : segments) {
                kcore.seek(each.place());
                kcore.write(each.content());
            }
        }
    }

    private static void programHeader(
            ByteBuffer head, int type, long place, long address, long physical, long length) {
        head.putInt(type).putInt(7).putLong(place).putLong(address).putLong(physical);
        head.putLong(length).putLong(length).putLong(0x1000);
    }

    /** What is in a range of physical memory. */
    byte[] content(long start, long end) {
        Segment segment =
                segments.stream()
                        .filter(each ->
                                each.address() <= start
                                        && end < each.address() + each.content().length)
                        .findFirst()
                        .orElseThrow();
        int from = (int) (start - segment.address());
        return Arrays.copyOfRange(segment.content(), from, from + (int) (end - start + 1));
    }

    /** Reads an image as LiME's format has it. */
    static List<Lime> lime(byte[] image) {
        ByteBuffer rest = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        List<Lime> segments = new ArrayList<>();
        while (rest.hasRemaining()) {
            if (rest.getInt() != 0x4C694D45 || rest.getInt() != 1) {
                throw new AssertionError("no header of LiME, version 1");
            }
            long start = rest.getLong();
            long end = rest.getLong();
            if (rest.getLong() != 0) {
                throw new AssertionError("what is reserved is not 0");
            }
            byte[] content = new byte[(int) (end - start + 1)];
            rest.get(content);
            segments.add(new Lime(start, end, content));
        }
        return segments;
    }

    /** Uncompressed as whoever analyses it would do. */
    static byte[] unpacked(List<byte[]> parts, String compression) throws Exception {
        Process program =
                new ProcessBuilder(compression.equals("zst") ? "zstd" : "gzip", "-dc")
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        Thread writer =
                Thread.ofVirtual()
                        .start(() -> {
                            try (var stream = program.getOutputStream()) {
                                for (byte[] each : parts) {
                                    stream.write(each);
                                }
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        });
        byte[] image = program.getInputStream().readAllBytes();
        writer.join();
        return image;
    }

    /** What of parts is left in the host's memory. */
    List<Path> buffers() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
