package dev.yagura.detection.process;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table as bytes: zstd of version (1 byte), processes and files, each list led by its length.
 * Texts are their UTF-8 length (int32) and bytes.
 */
public final class HostProcessesCodec {
    private static final int VERSION = 1;

    private HostProcessesCodec() {}

    public static byte[] encode(HostProcesses table) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new ZstdOutputStream(bytes))) {
            out.writeByte(VERSION);
            List<ProcessFacts> processes = table.processes().toList();
            out.writeInt(processes.size());
            for (ProcessFacts process : processes) {
                write(out, process);
            }
            List<FileWrite> writes = table.writes().toList();
            out.writeInt(writes.size());
            for (FileWrite write : writes) {
                write(out, write.path());
                write(out, write.writerUid());
                out.writeLong(write.timeNs());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} made. */
    public static HostProcesses decode(byte[] bytes, int maxProcesses) {
        try (DataInputStream in =
                new DataInputStream(new ZstdInputStream(new ByteArrayInputStream(bytes)))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("process table of unknown version " + version);
            }
            List<ProcessFacts> processes = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                processes.add(readProcess(in));
            }
            List<FileWrite> writes = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                writes.add(new FileWrite(read(in), read(in), in.readLong()));
            }
            HostProcesses table = new HostProcesses(maxProcesses);
            table.restore(processes.iterator(), writes.iterator());
            return table;
        } catch (IOException e) {
            throw new UncheckedIOException("a stored process table cannot be read", e);
        }
    }

    static void write(DataOutputStream out, ProcessFacts process) throws IOException {
        write(out, process.uid());
        write(out, process.parentUid());
        out.writeInt(process.pid());
        out.writeInt(process.parentPid());
        write(out, process.path());
        write(out, process.commandLine());
        write(out, process.user());
        out.writeLong(process.startNs());
    }

    static ProcessFacts readProcess(DataInputStream in) throws IOException {
        return new ProcessFacts(
                read(in),
                read(in),
                in.readInt(),
                in.readInt(),
                read(in),
                read(in),
                read(in),
                in.readLong());
    }

    static void write(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
