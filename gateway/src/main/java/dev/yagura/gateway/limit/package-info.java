/** Limits by principal and by address, kept in the memory of this gateway. */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.limit;
