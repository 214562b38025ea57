/** Incidents: list, show with its process tree, watch, judge. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.incident;
