package dev.yagura.detection.alert;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.yagura.detection.process.LineageCodec;
import dev.yagura.proto.detection.v1.AlertTimes;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;

/**
 * A sighting as bytes: zstd of version (1 byte), ids, severity, time, the messages, each led by its
 * length, and the lineage.
 */
public final class SightingCodec {
    private static final int VERSION = 1;

    private SightingCodec() {}

    public static byte[] encode(Sighting sighting) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(new ZstdOutputStream(bytes))) {
            out.writeByte(VERSION);
            write(sighting.alertId(), out);
            write(sighting.hostId(), out);
            out.writeInt(sighting.severity().getNumber());
            out.writeLong(sighting.occurredNs());
            write(sighting.rule(), out);
            write(sighting.entity(), out);
            write(sighting.match(), out);
            write(sighting.times(), out);
            write(sighting.asset(), out);
            LineageCodec.write(sighting.lineage(), out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #encode} made. */
    public static Sighting decode(byte[] bytes) {
        try (DataInputStream in =
                new DataInputStream(new ZstdInputStream(new ByteArrayInputStream(bytes)))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalStateException("sighting of unknown version " + version);
            }
            UUID alertId = readId(in);
            UUID hostId = readId(in);
            Severity severity =
                    Optional.ofNullable(Severity.forNumber(in.readInt()))
                            .orElse(Severity.SEVERITY_UNSPECIFIED);
            long occurredNs = in.readLong();
            return new Sighting(
                    alertId,
                    hostId,
                    read(in, RuleReference.parser()),
                    severity,
                    read(in, Entity.parser()),
                    read(in, Match.parser()),
                    read(in, AlertTimes.parser()),
                    occurredNs,
                    read(in, AssetSnapshot.parser()),
                    LineageCodec.read(in));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored sighting cannot be read", e);
        }
    }

    private static void write(UUID id, DataOutputStream out) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readId(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void write(MessageLite message, DataOutputStream out) throws IOException {
        byte[] bytes = message.toByteArray();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static <T> T read(DataInputStream in, Parser<T> parser) throws IOException {
        return parser.parseFrom(in.readNBytes(in.readInt()));
    }
}
