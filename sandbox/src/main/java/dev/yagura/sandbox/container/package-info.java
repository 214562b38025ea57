/**
 * ECS as far as tasks of a cluster are read and stopped, and services keep their number: a service
 * starts another task for one that was stopped, as long as it wants so many.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.container;
