/**
 * The gRPC server inside a Helidon MP application and the client between services. A call passes,
 * from outside in: errors, metrics, principal, request scope, endpoint. Unary and server-streaming
 * methods run on virtual threads; services marked {@link dev.yagura.common.grpc.DirectCallbacks}
 * run their callbacks on the transport's thread and must never block.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.grpc;
