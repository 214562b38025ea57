/**
 * Systems Manager documents: what they may contain, their versions, and the script that one becomes
 * with the parameters of a command.
 *
 * <p>{@link dev.yagura.sandbox.document.ContentReader} reads content strictly: whatever the sandbox
 * would not do is refused when the document is created, not ignored when it runs. Replacement
 * follows the SSM agent, traps included, see {@link dev.yagura.sandbox.document.Replacement}.
 */
@NullMarked
package dev.yagura.sandbox.document;

import org.jspecify.annotations.NullMarked;
