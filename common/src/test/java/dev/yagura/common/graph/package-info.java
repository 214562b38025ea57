@org.jspecify.annotations.NullMarked
package dev.yagura.common.graph;
