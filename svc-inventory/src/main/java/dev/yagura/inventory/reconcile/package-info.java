/**
 * Reads EC2 and brings the assets in line with it.
 *
 * <p>A reading of a scope is numbered and leased, so that one replica reads it at a time and a late
 * one writes nothing. Each page is applied as it comes. Only when every page of the scope came is
 * anything declared gone, and then only what a second look, by id, does not find or finds
 * terminated: a throttled or failed call never empties a list. Nothing is ever deleted.
 *
 * <p>After each complete reading it is asked which instances Systems Manager manages. That is kept
 * apart: it changes no asset, and its failure fails no reading.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.reconcile;
