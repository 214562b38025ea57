/** Names of the keys in log lines, so that the same thing has the same key everywhere. */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.log;
