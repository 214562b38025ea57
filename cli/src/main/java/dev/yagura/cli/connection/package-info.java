/** How the command reaches the gateway, and what it says when it cannot. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.connection;
