package dev.yagura.detection.incident;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "incident".
 *
 * @param addressWindow alerts with the same remote address join when they are this close
 * @param maxMembers alerts listed in an incident; later ones still belong to it
 * @param maxProcesses processes in its graph
 */
public record IncidentConfig(Duration addressWindow, int maxMembers, int maxProcesses) {

    public static IncidentConfig from(Settings settings) {
        Settings incident = settings.section("incident");
        return new IncidentConfig(
                incident.duration(
                        "address-window",
                        Duration.ofHours(1),
                        "Alerts of a host with the same remote address join when they are this"
                                + " close in time."),
                incident.integer(
                        "max-members",
                        500,
                        10,
                        10_000,
                        "Alerts that an incident lists; later ones still belong to it."),
                incident.integer(
                        "max-processes",
                        500,
                        10,
                        20_000,
                        "Processes, edges and things reached in an incident, each at most."));
    }
}
