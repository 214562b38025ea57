package dev.yagura.common.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.proto.type.v1.ErrorReason;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;

/** Statuses of other services, as errors that the own domain understands. */
public final class RemoteErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private RemoteErrors() {}

    /**
     * Translates what a consumer can act on; the rest stays as it is.
     *
     * @param dependency for people, for example "svc-ingest"
     */
    public static RuntimeException translate(String dependency, StatusRuntimeException error) {
        String text = String.valueOf(error.getStatus().getDescription());
        Optional<String> reason = reason(error);
        if (reason.equals(Optional.of(StatusTable.name(ErrorReason.ERROR_REASON_POSITION_LOST)))) {
            return new PositionLostException(text);
        }
        if (reason.equals(Optional.of(StatusTable.name(ErrorReason.ERROR_REASON_CURSOR_EXPIRED)))) {
            return new CursorExpiredException(text);
        }
        return switch (error.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED ->
                    new DependencyUnavailableException(dependency, RETRY_AFTER, error);
            default -> error;
        };
    }

    /** Reason of google.rpc.ErrorInfo in our domain, for example "NOT_FOUND". */
    public static Optional<String> reason(StatusRuntimeException error) {
        Status status = StatusProto.fromThrowable(error);
        if (status == null) {
            return Optional.empty();
        }
        for (Any detail : status.getDetailsList()) {
            if (detail.is(ErrorInfo.class)) {
                try {
                    return Optional.of(detail.unpack(ErrorInfo.class))
                            .filter(info -> info.getDomain().equals(StatusTable.DOMAIN))
                            .map(ErrorInfo::getReason);
                } catch (InvalidProtocolBufferException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
