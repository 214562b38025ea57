/** The command line against a gateway made of canned answers, over TLS. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli;
