/**
 * Which accounts and regions are read: those of the configuration, and each account that
 * Organizations lists as active, in the regions named for all of them.
 *
 * <p>What was listed last is kept in PostgreSQL, so that Organizations may be away. An account that
 * is suspended, or that a complete list lacks, is read no more; what is known of it stays.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.organization;
