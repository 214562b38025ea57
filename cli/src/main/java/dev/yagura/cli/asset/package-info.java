/** Assets: what they are, what they were, and reading them anew. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.asset;
