package dev.yagura.bench.measure;

/**
 * From an event to its alert, while the platform takes a steady load.
 *
 * @param target events a second that were asked for
 * @param eventsPerSecond acknowledged, over the measured time
 * @param sentToVisible from handing the batch to the agent's transport to the alert in WatchAlerts
 * @param acceptedToVisible from ingest's stamp of the batch to the alert in WatchAlerts
 * @param acceptedToDetected stamps of ingest and detection
 * @param detectedToCommitted stamps of detection
 * @param committedToVisible from detection's last stamp to the alert in WatchAlerts
 */
public record LatencyFigures(
        int target,
        double eventsPerSecond,
        Quantiles sentToVisible,
        Quantiles acceptedToVisible,
        Quantiles acceptedToDetected,
        Quantiles detectedToCommitted,
        Quantiles committedToVisible) {}
