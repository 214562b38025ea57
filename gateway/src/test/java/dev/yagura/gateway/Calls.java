package dev.yagura.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Calls of the tests, how they ended, and waits that only a broken gateway reaches the end of. */
final class Calls {
    private static final long PATIENCE_SECONDS = 60;

    private Calls() {}

    static ListAlertsRequest listAlerts() {
        return ListAlertsRequest.getDefaultInstance();
    }

    static void list(Channel channel) {
        assertThat(AlertServiceGrpc.newBlockingStub(channel).listAlerts(listAlerts())).isNotNull();
    }

    static Status.Code code(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    /** Something is away, what it is, and when to try again. */
    static void assertAway(StatusRuntimeException error, String what) {
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(error.getStatus().getDescription()).contains(what);
        assertThat(RemoteErrors.reason(error)).contains("DEPENDENCY_UNAVAILABLE");
        assertThat(Objects.requireNonNull(StatusProto.fromThrowable(error)).getDetailsList())
                .anyMatch(detail -> detail.is(com.google.rpc.RetryInfo.class));
    }

    static void assertLimited(StatusRuntimeException error) {
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(RemoteErrors.reason(error)).contains("LIMIT_EXCEEDED");
    }

    static <T> T within(Future<T> future) throws Exception {
        return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(
                queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "waited too long");
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Waits until nothing was counted for a while. */
    static int stalled(AtomicInteger counter) {
        int before = -1;
        int unchanged = 0;
        while (unchanged < 30) {
            int now = counter.get();
            unchanged = now == before ? unchanged + 1 : 0;
            before = now;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return before;
    }

    static <T> StreamObserver<T> first(CompletableFuture<T> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                // The first answer is what counts.
            }
        };
    }
}
