package dev.yagura.sandbox.world;

import java.time.Duration;

/**
 * How long things take in simulated time.
 *
 * @param start pending until running
 * @param stop stopping until stopped
 * @param terminate shutting-down until terminated
 * @param profileChange a new instance profile is associating, and the old one disassociating
 * @param snapshot a snapshot is pending until completed
 * @param snapshotCopy the same for a copy of one
 * @param volumeChange a volume is creating, attaching or detaching
 * @param firewallChange a change of DNS Firewall is updating until it is complete
 * @param commandVisible SendCommand until GetCommandInvocation knows the invocation
 * @param commandDelivery SendCommand until the node starts it (Pending until then)
 * @param commandRun a command's run where nothing else is asked for
 * @param commandCancel Cancelling until Cancelled
 */
public record Timing(
        Duration start,
        Duration stop,
        Duration terminate,
        Duration profileChange,
        Duration snapshot,
        Duration snapshotCopy,
        Duration volumeChange,
        Duration firewallChange,
        Duration commandVisible,
        Duration commandDelivery,
        Duration commandRun,
        Duration commandCancel) {}
