/**
 * AWS Lambda functions that responders wrote, and that the operator has put on the allow-list,
 * pinned by version or alias and the hash of their code.
 *
 * <p>{@link dev.yagura.response.invocation.InvocationSurvey} reads the version, {@link
 * dev.yagura.response.invocation.InvocationPreflight} refuses, {@link
 * dev.yagura.response.invocation.InvocationSending} sends once. Nobody but the function says what a
 * second run does: what may have been sent is never sent again.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.invocation;
