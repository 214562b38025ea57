package dev.yagura.inventory.asset;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.List;
import java.util.Objects;

/** What refused calls say. */
final class Refusals {
    private Refusals() {}

    /** Fields that google.rpc.BadRequest names; none without such a detail. */
    static List<String> fields(StatusRuntimeException refusal)
            throws InvalidProtocolBufferException {
        var status = Objects.requireNonNull(StatusProto.fromThrowable(refusal));
        for (var detail : status.getDetailsList()) {
            if (detail.is(BadRequest.class)) {
                return detail.unpack(BadRequest.class).getFieldViolationsList().stream()
                        .map(BadRequest.FieldViolation::getField)
                        .toList();
            }
        }
        return List.of();
    }
}
