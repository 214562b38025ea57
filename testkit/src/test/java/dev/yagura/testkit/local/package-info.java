/** Tests of the laptop's certificates. */
@org.jspecify.annotations.NullMarked
package dev.yagura.testkit.local;
