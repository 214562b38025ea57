/**
 * What callers of this service may see, and how a watch reaches them. Methods are the gateway's.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.access;
