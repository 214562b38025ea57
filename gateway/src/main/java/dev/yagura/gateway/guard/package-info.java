/** What every call passes before it is served or forwarded: identity, rule, limits, audit. */
@org.jspecify.annotations.NullMarked
package dev.yagura.gateway.guard;
