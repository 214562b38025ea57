/**
 * Forwards calls as bytes. Nothing is parsed: deadlines, cancellation, metadata, trailers with
 * their details and back-pressure pass through in both directions.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.proxy;
