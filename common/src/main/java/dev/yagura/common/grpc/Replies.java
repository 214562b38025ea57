package dev.yagura.common.grpc;

import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Answers of unary methods. */
public final class Replies {
    private Replies() {}

    /** Computes one answer on the calling thread; what it throws becomes the status. */
    public static <T> void unary(StreamObserver<T> observer, Supplier<T> answer) {
        T message = answer.get();
        observer.onNext(message);
        observer.onCompleted();
    }
}
