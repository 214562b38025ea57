package dev.yagura.gateway.guard;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.StatusTable;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * How a call ended.
 *
 * @param code gRPC code; empty while it runs
 * @param reason of google.rpc.ErrorInfo; empty when there is none
 */
record GrpcOutcome(String code, String reason) {
    static final GrpcOutcome NONE = new GrpcOutcome("", "");

    /** The client went away, or its deadline passed. */
    static final GrpcOutcome CANCELLED = new GrpcOutcome(Status.Code.CANCELLED.name(), "");

    static GrpcOutcome of(YaguraException error) {
        return of(StatusTable.status(error));
    }

    static GrpcOutcome of(Status status, Metadata trailers) {
        return status.isOk()
                ? new GrpcOutcome(status.getCode().name(), "")
                : of(new StatusRuntimeException(status, trailers));
    }

    private static GrpcOutcome of(StatusRuntimeException error) {
        return new GrpcOutcome(
                error.getStatus().getCode().name(), RemoteErrors.reason(error).orElse(""));
    }
}
