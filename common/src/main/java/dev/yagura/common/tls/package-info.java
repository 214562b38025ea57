/**
 * Certificates: files of a process, what a peer certificate says, and the authority that issues.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.tls;
