/**
 * Which events a Sigma log source means, and where Sigma's fields are in the event schema. {@link
 * dev.yagura.sigma.taxonomy.Taxonomy} has the sources; what it does not map cannot fire, and says
 * so.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.sigma.taxonomy;
