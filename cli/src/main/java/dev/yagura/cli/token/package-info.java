/** Bearer tokens: create, list, revoke. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.token;
