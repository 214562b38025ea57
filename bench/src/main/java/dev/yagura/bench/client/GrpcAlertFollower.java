package dev.yagura.bench.client;

import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Watches alerts and goes on from its cursor after each break, as a careful integrator would. */
public final class GrpcAlertFollower implements AutoCloseable {
    private static final long PAUSE_MILLIS = 300;

    private final Channel channel;
    private final Listener listener;
    private final Context.CancellableContext context = Context.current().withCancellation();
    private final AtomicReference<@Nullable String> problem = new AtomicReference<>();
    private final Thread thread;
    private volatile String cursor;
    private volatile String lastBreak = "none";
    private volatile long heardNanos = System.nanoTime();

    /** Called on one thread, in commit order. */
    @FunctionalInterface
    public interface Listener {
        void alert(Alert alert);
    }

    private GrpcAlertFollower(Channel channel, String cursor, Listener listener) {
        this.channel = channel;
        this.cursor = cursor;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("alert-follower").unstarted(this::run);
    }

    static GrpcAlertFollower start(Channel channel, String cursor, Listener listener) {
        GrpcAlertFollower follower = new GrpcAlertFollower(channel, cursor, listener);
        follower.thread.start();
        return follower;
    }

    /** Why following ended by itself; empty while it goes on. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem.get());
    }

    /** Where it is, for messages. */
    @Override
    public String toString() {
        return "watch at %s, heard %d ms ago, last break: %s"
                .formatted(
                        cursor,
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - heardNanos),
                        lastBreak);
    }

    private void run() {
        context.run(() -> {
            while (!context.isCancelled() && problem().isEmpty()) {
                try {
                    watch();
                } catch (StatusRuntimeException e) {
                    judge(e.getStatus());
                }
                pause();
            }
        });
    }

    private void watch() {
        Iterator<WatchAlertsResponse> changes =
                AlertServiceGrpc.newBlockingStub(channel)
                        .withWaitForReady()
                        .watchAlerts(WatchAlertsRequest.newBuilder().setCursor(cursor).build());
        while (changes.hasNext()) {
            WatchAlertsResponse change = changes.next();
            if (change.hasAlert()) {
                listener.alert(change.getAlert());
            }
            cursor = change.getCursor();
            heardNanos = System.nanoTime();
        }
    }

    /** A break is expected under faults; an answer that a retry cannot change is not. */
    private void judge(Status status) {
        lastBreak = status.toString();
        switch (status.getCode()) {
            case OUT_OF_RANGE,
                    INVALID_ARGUMENT,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    UNIMPLEMENTED ->
                    problem.set(status.toString());
            default -> {
                // Watched again from the cursor.
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            context.cancel(e);
        }
    }

    @Override
    public void close() {
        context.cancel(null);
        thread.interrupt();
    }
}
