/**
 * Assets and their tombstones. What a source says about one is kept as the contract's message
 * ({@code yagura.inventory.v1.Asset} with those fields only): it is read and compared as a whole,
 * and a field that a source adds needs no migration. What is queried has a column.
 *
 * <p>A change first copies the row as it is to its versions, in the same transaction: what an asset
 * was is there, what it is now is only in its row, and one that never changed costs nothing more.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.asset;
