/** The calls that are open now, by principal, so that they end when their principal does. */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.stream;
