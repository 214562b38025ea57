package dev.yagura.sandbox.front;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One API call.
 *
 * @param time simulated
 * @param place account and region that answered
 * @param operation for example {@code ec2:ModifyNetworkInterfaceAttribute}
 * @param result {@code ok} or an error code
 * @param applied whether the world may have changed: it ran and did not fail
 * @param replied false if the reply was dropped on purpose
 * @param widened what it allowed that was not allowed just before, empty if nothing
 * @param started real time at which the sandbox had the request
 * @param tookMicros real time in the sandbox from then on, connection and wire not included
 * @param beyondBaseline what is allowed after it and was not at the baseline
 */
public record JournalEntry(
        long sequence,
        Instant time,
        Place place,
        String operation,
        Map<String, String> parameters,
        String caller,
        boolean dryRun,
        String result,
        int status,
        String message,
        String requestId,
        boolean applied,
        boolean replied,
        Instant started,
        long tookMicros,
        List<String> widened,
        List<String> beyondBaseline) {}
