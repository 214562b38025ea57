/** Which hosts are protected, and why others are not. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.coverage;
