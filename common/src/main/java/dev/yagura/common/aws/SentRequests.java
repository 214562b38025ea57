package dev.yagura.common.aws;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * Counts what AWS is sent for one piece of work: each attempt of a call, those of the credentials
 * too.
 */
public final class SentRequests implements ExecutionInterceptor {
    private static final ScopedValue<AtomicLong> COUNTER = ScopedValue.newInstance();

    SentRequests() {}

    /** Does the work; what this thread sends meanwhile is added to the counter. */
    public static <T> T counted(AtomicLong counter, Supplier<T> work) {
        return ScopedValue.where(COUNTER, counter).call(work::get);
    }

    @Override
    public void beforeTransmission(
            Context.BeforeTransmission context, ExecutionAttributes attributes) {
        if (COUNTER.isBound()) {
            COUNTER.get().incrementAndGet();
        }
    }
}
