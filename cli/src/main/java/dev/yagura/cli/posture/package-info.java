/** How sound hosts and accounts are, and what is set up badly. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.posture;
