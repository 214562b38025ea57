package dev.yagura.detection.process;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A lineage in a stream of bytes; lists are led by their length, texts as in process tables. */
public final class LineageCodec {
    private LineageCodec() {}

    public static void write(Lineage lineage, DataOutputStream out) throws IOException {
        write(lineage.chain(), out);
        out.writeInt(lineage.ownCount());
        out.writeInt(lineage.origins().size());
        for (Origin origin : lineage.origins()) {
            HostProcessesCodec.write(out, origin.file());
            HostProcessesCodec.write(out, origin.runner());
            write(origin.writer(), out);
            out.writeLong(origin.writtenNs());
            out.writeBoolean(origin.inferred());
        }
    }

    /** Reads what {@link #write} wrote. */
    public static Lineage read(DataInputStream in) throws IOException {
        List<ProcessFacts> chain = processes(in);
        int ownCount = in.readInt();
        List<Origin> origins = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            origins.add(
                    new Origin(
                            HostProcessesCodec.read(in),
                            HostProcessesCodec.readProcess(in),
                            processes(in),
                            in.readLong(),
                            in.readBoolean()));
        }
        return new Lineage(chain, ownCount, origins);
    }

    private static void write(List<ProcessFacts> processes, DataOutputStream out)
            throws IOException {
        out.writeInt(processes.size());
        for (ProcessFacts process : processes) {
            HostProcessesCodec.write(out, process);
        }
    }

    private static List<ProcessFacts> processes(DataInputStream in) throws IOException {
        List<ProcessFacts> processes = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            processes.add(HostProcessesCodec.readProcess(in));
        }
        return processes;
    }
}
