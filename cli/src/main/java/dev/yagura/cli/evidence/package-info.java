/** `yagura evidence`: takes the chain of evidence out, and verifies it from its bytes. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.evidence;
