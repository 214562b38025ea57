/**
 * What else an action takes part in, by the inventory's graph. {@link
 * dev.yagura.response.radius.BlastRadii} asks for it while a procedure plans; without an answer in
 * time the plan says that it is not known, and goes on.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.radius;
