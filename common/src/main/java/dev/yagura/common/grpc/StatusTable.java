package dev.yagura.common.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.error.StaleEtagException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.proto.type.v1.ErrorReason;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.List;

/** The one table from expected errors to gRPC statuses with google.rpc details. */
public final class StatusTable {
    static final String DOMAIN = "yagura.dev";
    private static final String REASON_PREFIX = "ERROR_REASON_";

    private StatusTable() {}

    /** Status and details of an expected error. */
    public static StatusRuntimeException status(YaguraException error) {
        return switch (error) {
            case InvalidFieldException e ->
                    status(
                            Code.INVALID_ARGUMENT,
                            ErrorReason.ERROR_REASON_INVALID_FIELD,
                            e,
                            badRequest(e));
            case NotFoundException e ->
                    status(Code.NOT_FOUND, ErrorReason.ERROR_REASON_NOT_FOUND, e, resource(e));
            case AlreadyExistsException e ->
                    status(Code.ALREADY_EXISTS, ErrorReason.ERROR_REASON_ALREADY_EXISTS, e);
            case PreconditionFailedException e ->
                    status(
                            Code.FAILED_PRECONDITION,
                            ErrorReason.ERROR_REASON_PRECONDITION_FAILED,
                            e,
                            violations(e));
            case StaleEtagException e ->
                    status(Code.ABORTED, ErrorReason.ERROR_REASON_STALE_ETAG, e);
            case CursorExpiredException e ->
                    status(Code.OUT_OF_RANGE, ErrorReason.ERROR_REASON_CURSOR_EXPIRED, e);
            case UnauthenticatedException e ->
                    status(Code.UNAUTHENTICATED, ErrorReason.ERROR_REASON_UNAUTHENTICATED, e);
            case PermissionDeniedException e ->
                    status(Code.PERMISSION_DENIED, ErrorReason.ERROR_REASON_PERMISSION_DENIED, e);
            case LimitExceededException e ->
                    status(
                            Code.RESOURCE_EXHAUSTED,
                            ErrorReason.ERROR_REASON_LIMIT_EXCEEDED,
                            e,
                            retry(e.retryAfter()));
            case DependencyUnavailableException e ->
                    status(
                            Code.UNAVAILABLE,
                            ErrorReason.ERROR_REASON_DEPENDENCY_UNAVAILABLE,
                            e,
                            retry(e.retryAfter()));
            case PositionLostException e ->
                    status(Code.DATA_LOSS, ErrorReason.ERROR_REASON_POSITION_LOST, e);
        };
    }

    /** Status of something unforeseen: only the id tells it from another. */
    static StatusRuntimeException unforeseen(String errorId) {
        return status(
                Code.INTERNAL,
                ErrorReason.ERROR_REASON_INTERNAL,
                "internal error " + errorId + "; the server's log has the cause",
                List.of());
    }

    private static StatusRuntimeException status(
            Code code, ErrorReason reason, YaguraException error, Message... details) {
        return status(code, reason, String.valueOf(error.getMessage()), List.of(details));
    }

    private static StatusRuntimeException status(
            Code code, ErrorReason reason, String text, List<Message> details) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder()
                        .setCode(code.getNumber())
                        .setMessage(text)
                        .addDetails(
                                Any.pack(
                                        ErrorInfo.newBuilder()
                                                .setReason(name(reason))
                                                .setDomain(DOMAIN)
                                                .build()));
        details.forEach(detail -> status.addDetails(Any.pack(detail)));
        return StatusProto.toStatusRuntimeException(status.build());
    }

    /** "ERROR_REASON_NOT_FOUND" is sent as "NOT_FOUND". */
    static String name(ErrorReason reason) {
        return reason.name().substring(REASON_PREFIX.length());
    }

    private static BadRequest badRequest(InvalidFieldException error) {
        return BadRequest.newBuilder()
                .addFieldViolations(
                        BadRequest.FieldViolation.newBuilder()
                                .setField(error.field())
                                .setDescription(error.description()))
                .build();
    }

    private static ResourceInfo resource(NotFoundException error) {
        return ResourceInfo.newBuilder()
                .setResourceType(error.type())
                .setResourceName(error.name())
                .build();
    }

    private static PreconditionFailure violations(PreconditionFailedException error) {
        PreconditionFailure.Builder failure = PreconditionFailure.newBuilder();
        error.violations()
                .forEach(violation ->
                        failure.addViolationsBuilder()
                                .setSubject(violation.subject())
                                .setDescription(violation.description()));
        return failure.build();
    }

    private static RetryInfo retry(Duration after) {
        return RetryInfo.newBuilder()
                .setRetryDelay(
                        com.google.protobuf.Duration.newBuilder()
                                .setSeconds(after.getSeconds())
                                .setNanos(after.getNano()))
                .build();
    }
}
