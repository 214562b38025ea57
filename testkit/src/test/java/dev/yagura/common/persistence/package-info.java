/** Persistence on a real PostgreSQL; here, since the fixtures depend on common. */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.persistence;
