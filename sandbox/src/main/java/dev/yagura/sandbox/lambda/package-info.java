/**
 * Lambda as far as functions are read, cut off and invoked. A function is there from the start, or
 * never; what it does is one of a few things.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.lambda;
