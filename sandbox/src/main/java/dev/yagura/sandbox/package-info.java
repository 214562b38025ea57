/**
 * A strict stand-in for the AWS APIs that Yagura calls, for tests and the demo on one machine;
 * never on the path of a production deployment: it listens on loopback only.
 *
 * <p>{@link dev.yagura.sandbox.SandboxServer} serves AWS requests at {@code /} ({@code front}) and
 * the control API at {@code /_sandbox/} ({@code control}). Both act on one {@code cloud}, grown
 * from a {@code seed}: its {@code world} of resources, its {@code flow}s, and the services {@code
 * ec2}, {@code ssm}, {@code identity}, {@code scaling}, {@code storage}, {@code lambda}, {@code
 * container}, {@code securityhub}, {@code backup}, {@code config} and {@code kms}, which speak
 * through {@code wire}.
 */
@NullMarked
package dev.yagura.sandbox;

import org.jspecify.annotations.NullMarked;
