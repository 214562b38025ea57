/**
 * What a laptop needs besides the services: certificates and secrets, made on first start and kept
 * under the state folder of the launcher; PostgreSQL and Redis with their data ({@link
 * dev.yagura.testkit.local.LocalStores}).
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.testkit.local;
