package dev.yagura.common.grpc;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusTableTest {
    private record Row(YaguraException error, Status.Code code, String reason) {}

    static Stream<Row> rows() {
        Duration second = Duration.ofSeconds(1);
        return Stream.of(
                new Row(
                        new InvalidFieldException("a", "b", "c"),
                        Status.Code.INVALID_ARGUMENT,
                        "INVALID_FIELD"),
                new Row(
                        new NotFoundException("alert", "alerts/1"),
                        Status.Code.NOT_FOUND,
                        "NOT_FOUND"),
                new Row(
                        new AlreadyExistsException("x"),
                        Status.Code.ALREADY_EXISTS,
                        "ALREADY_EXISTS"),
                new Row(
                        new PreconditionFailedException("i-1", "in a group"),
                        Status.Code.FAILED_PRECONDITION,
                        "PRECONDITION_FAILED"),
                new Row(new StaleEtagException("x"), Status.Code.ABORTED, "STALE_ETAG"),
                new Row(
                        new CursorExpiredException("x"),
                        Status.Code.OUT_OF_RANGE,
                        "CURSOR_EXPIRED"),
                new Row(
                        new UnauthenticatedException("x"),
                        Status.Code.UNAUTHENTICATED,
                        "UNAUTHENTICATED"),
                new Row(
                        new PermissionDeniedException("x"),
                        Status.Code.PERMISSION_DENIED,
                        "PERMISSION_DENIED"),
                new Row(
                        new LimitExceededException("x", second),
                        Status.Code.RESOURCE_EXHAUSTED,
                        "LIMIT_EXCEEDED"),
                new Row(
                        new DependencyUnavailableException("redis", second, new IOException()),
                        Status.Code.UNAVAILABLE,
                        "DEPENDENCY_UNAVAILABLE"),
                new Row(new PositionLostException("x"), Status.Code.DATA_LOSS, "POSITION_LOST"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void mapsEachError(Row row) {
        var status = StatusTable.status(row.error());

        assertThat(status.getStatus().getCode()).isEqualTo(row.code());
        assertThat(RemoteErrors.reason(status)).contains(row.reason());
        assertThat(status.getStatus().getDescription()).isEqualTo(row.error().getMessage());
    }

    @Test
    void coversEveryError() {
        Map<Class<?>, Long> covered =
                rows().collect(
                                java.util.stream.Collectors.groupingBy(
                                        row -> row.error().getClass(),
                                        java.util.stream.Collectors.counting()));

        assertThat(covered.keySet())
                .containsExactlyInAnyOrder(YaguraException.class.getPermittedSubclasses());
    }
}
