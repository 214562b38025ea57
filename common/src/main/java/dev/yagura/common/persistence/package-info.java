/**
 * A service and its PostgreSQL schema.
 *
 * <p>{@link dev.yagura.common.persistence.DatabaseConfig} holds the keys, one pool serves the
 * runtime role as the data source named "yagura" (also for the persistence unit's {@code
 * jta-data-source}), {@link dev.yagura.common.persistence.SchemaMigration} runs Flyway under the
 * migration role before anything listens. Stores written with Jakarta Persistence use
 * {@code @Transactional} and an injected EntityManager; stores written in SQL use {@link
 * dev.yagura.common.persistence.Transactions}. {@link dev.yagura.common.persistence.DatabaseErrors}
 * is the one place that tells a database that is away from a mistake in a statement.
 *
 * <p>A service's META-INF/persistence.xml:
 *
 * <pre>{@code
 * <persistence-unit name="detection" transaction-type="JTA">
 *   <jta-data-source>yagura</jta-data-source>
 *   <class>dev.yagura.common.persistence.InstantConverter</class>
 *   <class>dev.yagura.common.persistence.UuidConverter</class>
 *   <class>dev.yagura.detection.alert.JpaAlert</class>
 *   <exclude-unlisted-classes>true</exclude-unlisted-classes>
 *   <shared-cache-mode>NONE</shared-cache-mode>
 *   <properties>
 *     <property name="eclipselink.target-server"
 *         value="io.helidon.integrations.cdi.eclipselink.CDISEPlatform"/>
 *     <property name="eclipselink.target-database" value="PostgreSQL"/>
 *     <property name="eclipselink.weaving" value="static"/>
 *     <property name="eclipselink.logging.logger" value="JavaLogger"/>
 *     <property name="eclipselink.logging.level" value="SEVERE"/>
 *   </properties>
 * </persistence-unit>
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.persistence;
