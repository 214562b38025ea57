/**
 * Servers as child processes: PostgreSQL, Redis and moto, found installed or unpacked from the
 * embedded binaries, on loopback. A {@link dev.yagura.testkit.process.ChildProcess} stops when its
 * parent does, also when the parent is killed.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.testkit.process;
