/**
 * Validated configuration. Each feature reads its keys once through {@link
 * dev.yagura.common.config.Settings}, with type, default, range and description beside each other;
 * a key of the service that nobody read stops the start, so a misspelt key is never silence.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.config;
