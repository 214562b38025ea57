/**
 * Expected errors, as the domain says them. Domain code throws them and never mentions gRPC; one
 * table in {@code dev.yagura.common.grpc} turns each into a status with details. Anything else that
 * is thrown is unforeseen: logged once with an id, answered as INTERNAL.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.error;
