/**
 * Documents of others that Systems Manager runs on instances: what the operator has put on the
 * allow-list, pinned by version and content.
 *
 * <p>{@link dev.yagura.response.command.CommandSurvey} reads document and instances, {@link
 * dev.yagura.response.command.CommandPreflight} refuses, {@link
 * dev.yagura.response.command.CommandRunning} sends once and waits. Nobody but the document says
 * what a second run does: what may have been sent is never sent again.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.command;
