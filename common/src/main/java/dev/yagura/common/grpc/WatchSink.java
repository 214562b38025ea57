package dev.yagura.common.grpc;

import dev.yagura.common.watch.WatchLoop;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Sends what a watch hears to its client.
 *
 * @param changedAnswer answer of a cursor and a changed resource
 * @param idleAnswer answer of a cursor alone
 */
public record WatchSink<T, R>(
        ServerStreams.Sink<R> client,
        BiFunction<String, T, R> changedAnswer,
        Function<String, R> idleAnswer)
        implements WatchLoop.Sink<T> {

    @Override
    public void changed(String cursor, T item) throws InterruptedException {
        client.send(changedAnswer.apply(cursor, item));
    }

    @Override
    public void idle(String cursor) throws InterruptedException {
        client.send(idleAnswer.apply(cursor));
    }

    @Override
    public boolean isEnded() {
        return client.isEnded();
    }
}
