package dev.yagura.ingest;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.EventBatch;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Agents and batches as they send them. */
public final class TestBatches {
    public static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("111122223333")
                    .setRegion("ap-northeast-1")
                    .build();

    private TestBatches() {}

    public static AgentIdentity newAgent() {
        return AgentIdentity.newBuilder()
                .setAgentId(UUID.randomUUID().toString())
                .setHostId(UUID.randomUUID().toString())
                .setScope(SCOPE)
                .build();
    }

    public static Device device(AgentIdentity agent) {
        return Device.newBuilder()
                .setHostId(agent.getHostId())
                .setScope(agent.getScope())
                .setHostname("web-1")
                .setOs("linux")
                .build();
    }

    public static EventBatch events(int count) {
        EventBatch.Builder batch = EventBatch.newBuilder().setSchemaMajor(1);
        for (int i = 0; i < count; i++) {
            batch.addEvents(
                    Event.newBuilder()
                            .setClassUid(1007)
                            .setActivityId(1)
                            .setTimeNs(i)
                            .putUnmapped("serial", Integer.toString(i)));
        }
        return batch.build();
    }

    public static ByteString packed(byte[] bytes) {
        return ByteString.copyFrom(Zstd.compress(bytes, 3));
    }

    /** A sound batch of two events that is sent now. */
    public static TelemetryBatch.Builder batch(AgentIdentity agent, long sequence) {
        return batch(agent, sequence, 2);
    }

    public static TelemetryBatch.Builder batch(AgentIdentity agent, long sequence, int events) {
        return TelemetryBatch.newBuilder()
                .setSequence(sequence)
                .setDevice(device(agent))
                .setEventCount(events)
                .setFirstEventTimeNs(now())
                .setSentTimeNs(now())
                .setEvents(packed(events(events).toByteArray()));
    }

    public static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
