package dev.yagura.common.grpc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Callbacks of this gRPC service run on the transport's thread: they enqueue and return, they never
 * block, and they have no CDI request scope. Everything else runs on virtual threads. A hop per
 * callback costs up to 94 % of the throughput at small messages.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface DirectCallbacks {}
