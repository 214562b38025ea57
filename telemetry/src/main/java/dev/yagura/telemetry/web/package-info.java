/** Logs of web servers and proxies, with the names of the W3C extended log file format. */
@NullMarked
package dev.yagura.telemetry.web;

import org.jspecify.annotations.NullMarked;
