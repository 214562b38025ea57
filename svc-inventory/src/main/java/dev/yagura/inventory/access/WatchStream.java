package dev.yagura.inventory.access;

import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.watch.WatchLoop;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of a watch: a server stream.
 *
 * @param message from a cursor and what changed; null when only the cursor is newer
 */
public record WatchStream<T, R>(
        ServerStreams.Sink<R> sink, BiFunction<String, @Nullable T, R> message)
        implements WatchLoop.Sink<T> {

    @Override
    public void changed(String cursor, T item) throws InterruptedException {
        sink.send(message.apply(cursor, item));
    }

    @Override
    public void idle(String cursor) throws InterruptedException {
        sink.send(message.apply(cursor, null));
    }

    @Override
    public boolean isEnded() {
        return sink.isEnded();
    }
}
