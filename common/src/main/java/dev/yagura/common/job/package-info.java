/** Work that a service repeats by itself. */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.job;
