/**
 * The inventory's graph for services that ask it: {@link dev.yagura.common.graph.AssetGraphs}
 * answers what is around a resource, {@link dev.yagura.common.graph.Neighbourhood} reads an answer.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.common.graph;
