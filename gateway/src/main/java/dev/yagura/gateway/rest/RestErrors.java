package dev.yagura.gateway.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Errors as Google's API improvement proposal 193 has them in JSON: an object "error" with the HTTP
 * code, the message, the gRPC status and the details of google.rpc.
 *
 * @param httpCode status line
 * @param retryAfter seconds
 */
record RestErrors(int httpCode, ObjectNode error, Optional<Long> retryAfter) {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    static RestErrors of(StatusRuntimeException failure) {
        Status status =
                StatusProto.fromStatusAndTrailers(failure.getStatus(), failure.getTrailers());
        Code code = Optional.ofNullable(Code.forNumber(status.getCode())).orElse(Code.UNKNOWN);
        ObjectNode error = NODES.objectNode();
        error.put("code", httpCode(code));
        error.put("message", status.getMessage());
        error.put("status", code.name());
        List<String> details = known(status).map(JsonMessages::text).toList();
        if (!details.isEmpty()) {
            error.putRawValue("details", new RawValue(details.toString()));
        }
        return new RestErrors(httpCode(code), error, retryAfter(status));
    }

    /** A verb that a path does not have. */
    static RestErrors notAllowed(String message) {
        ObjectNode error = NODES.objectNode();
        error.put("code", 405);
        error.put("message", message);
        error.put("status", Code.UNIMPLEMENTED.name());
        return new RestErrors(405, error, Optional.empty());
    }

    /** {"error": …}, one line. */
    String text() {
        ObjectNode whole = NODES.objectNode();
        whole.set("error", error);
        return whole.toString();
    }

    /** The only details that services send; another kind could not be written. */
    private static Stream<Any> known(Status status) {
        return status.getDetailsList().stream()
                .filter(detail ->
                        detail.getTypeUrl().startsWith("type.googleapis.com/google.rpc."));
    }

    private static Optional<Long> retryAfter(Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(RetryInfo.class)) {
                try {
                    long seconds = detail.unpack(RetryInfo.class).getRetryDelay().getSeconds();
                    return Optional.of(Math.max(1, seconds));
                } catch (InvalidProtocolBufferException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** As google.rpc.Code says. */
    private static int httpCode(Code code) {
        return switch (code) {
            case OK -> 200;
            case INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case NOT_FOUND -> 404;
            case ALREADY_EXISTS, ABORTED -> 409;
            case RESOURCE_EXHAUSTED -> 429;
            case CANCELLED -> 499;
            case UNIMPLEMENTED -> 501;
            case UNAVAILABLE -> 503;
            case DEADLINE_EXCEEDED -> 504;
            default -> 500;
        };
    }
}
