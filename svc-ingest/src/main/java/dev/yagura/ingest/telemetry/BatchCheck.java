package dev.yagura.ingest.telemetry;

import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.type.v1.AgentIdentity;

/** Whether a batch may be appended. */
final class BatchCheck {
    private final TelemetryConfig limits;

    BatchCheck(TelemetryConfig limits) {
        this.limits = limits;
    }

    /**
     * Passes or rejects for ever.
     *
     * @param agent by its certificate; the blob and the device are only compared with it
     */
    void check(AgentIdentity agent, TelemetryBatch batch, BatchInspector inspector)
            throws RejectedBatchException {
        checkDevice(agent, batch.getDevice());
        int declared = batch.getEventCount();
        if (declared < 1 || declared > limits.maxEventsPerBatch()) {
            throw new RejectedBatchException(
                    RejectReason.EVENT_COUNT,
                    "event_count is %s; send 1 to %d"
                            .formatted(
                                    Integer.toUnsignedString(declared),
                                    limits.maxEventsPerBatch()));
        }
        if (batch.getEvents().size() > limits.maxBatchBytes()) {
            throw new RejectedBatchException(
                    RejectReason.TOO_LARGE,
                    "events have %d bytes; send at most %d"
                            .formatted(batch.getEvents().size(), limits.maxBatchBytes()));
        }
        int counted = inspector.countEvents(batch.getEvents());
        if (counted != declared) {
            throw new RejectedBatchException(
                    RejectReason.EVENT_COUNT,
                    "event_count is " + declared + ", but the batch has " + counted + " events");
        }
    }

    void checkDevice(AgentIdentity agent, Device device) throws RejectedBatchException {
        if (!device.getHostId().equals(agent.getHostId())) {
            throw new RejectedBatchException(
                    RejectReason.HOST_MISMATCH,
                    "device.host_id is not the host of the agent's certificate");
        }
        if (!device.getScope().equals(agent.getScope())) {
            throw new RejectedBatchException(
                    RejectReason.SCOPE_MISMATCH,
                    "device.scope is not the scope of the agent's certificate");
        }
    }
}
