/**
 * What tests and a laptop need: stores ({@link dev.yagura.testkit.PostgresFixture}, {@link
 * dev.yagura.testkit.RedisFixture}), an AWS API ({@link dev.yagura.testkit.MotoFixture}), a clock
 * to set, certificates, the rules of the architecture. {@link dev.yagura.testkit.local.LocalStores}
 * runs both stores for {@code ./yagura up}.
 *
 * <p>Stores are found in this order: a given address, an installed server, a container engine that
 * answers, the embedded binaries. Nothing is skipped for the lack of any of them.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.testkit;
