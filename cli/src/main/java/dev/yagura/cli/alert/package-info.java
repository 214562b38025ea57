/** Alerts: list, show, watch. */
@org.jspecify.annotations.NullMarked
package dev.yagura.cli.alert;
