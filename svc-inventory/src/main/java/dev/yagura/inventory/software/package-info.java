/**
 * What is installed on hosts, as Systems Manager's inventory says.
 *
 * <p>A job of its own asks, scope by scope and host by host: it is a call for every fifty packages,
 * which must hold up no reading of assets. A host's list is kept once for all that have the same.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.inventory.software;
