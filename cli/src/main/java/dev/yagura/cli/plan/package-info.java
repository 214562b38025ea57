/** The incident-response plan and its drills. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.plan;
