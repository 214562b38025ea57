/** A whole platform as processes: started by the launcher, killed by signal, read from /proc. */
@org.jspecify.annotations.NullMarked
package dev.yagura.bench.platform;
