/** `yagura indicators`. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.indicator;
