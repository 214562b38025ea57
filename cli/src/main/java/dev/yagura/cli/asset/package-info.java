/** Assets: list, show. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.asset;
