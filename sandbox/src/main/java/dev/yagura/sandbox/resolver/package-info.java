/**
 * Route 53 Resolver as far as DNS Firewall goes: lists of domains, rule groups, their associations
 * with VPCs, and how long each change takes. Names are not resolved.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sandbox.resolver;
