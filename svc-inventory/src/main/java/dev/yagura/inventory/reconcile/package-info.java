/**
 * Reads EC2 and AWS Config, and brings the assets in line with them.
 *
 * <p>What is read at once is a type of an account and region. Such a reading is numbered and
 * leased, so that one replica reads at a time and a late one writes nothing. Each page is applied
 * as it comes; what is older than what is known changes nothing. Only when every page came is
 * anything declared gone, and then only what AWS Config records (or EC2 tells itself) and a second
 * look, by id, does not find or finds terminated: a throttled or failed call, or a recorder that is
 * off, never empties a list. Nothing is ever deleted.
 *
 * <p>A reconciliation asks for readings and reads nothing itself: it makes them due, and each of
 * their steps tells it what it did.
 *
 * <p>After each complete reading of instances it is asked which of them Systems Manager manages.
 * That is kept apart: it changes no asset, and its failure fails no reading.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.reconcile;
