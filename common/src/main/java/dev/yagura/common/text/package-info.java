/** Texts that come from outside. */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.text;
