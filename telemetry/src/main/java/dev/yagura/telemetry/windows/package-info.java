/**
 * Windows event log as JSON: rendered EVTX ("Event.System", "Event.EventData", "Event.UserData"),
 * Winlogbeat's "winlog" objects, and the flat form of NXLog and others. {@link
 * dev.yagura.telemetry.windows.WindowsMapper} turns a record into an event.
 */
@NullMarked
package dev.yagura.telemetry.windows;

import org.jspecify.annotations.NullMarked;
