/** Tables for people, JSON lines for programs. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.output;
