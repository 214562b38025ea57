package dev.yagura.telemetry.web;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import dev.yagura.telemetry.event.EventClass;
import dev.yagura.telemetry.event.EventLimits;
import java.util.List;
import java.util.Map;

/**
 * One request, by the names of the W3C format.
 *
 * @param source "webserver" or "proxy"
 * @param fields "c-ip", "cs-method", "cs-uri-stem", … without those that are absent
 */
record WebRequest(String source, long timeNanos, Map<String, String> fields) {
    static final String WEB_SERVER = "webserver";
    static final String PROXY = "proxy";

    /** OCSF's activities of HTTP, from 1. */
    private static final List<String> METHODS =
            List.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", "TRACE", "PATCH");

    WebRequest {
        fields = Map.copyOf(fields);
    }

    Event event(long observedNanos) {
        int method = METHODS.indexOf(fields.getOrDefault("cs-method", ""));
        Event.Builder event =
                Event.newBuilder()
                        .setClassUid(EventClass.HTTP)
                        .setActivityId(method < 0 ? EventClass.OTHER : method + 1)
                        .setTimeNs(timeNanos)
                        .setObservedTimeNs(observedNanos)
                        .setSource(source)
                        .setSrcEndpoint(
                                NetworkEndpoint.newBuilder().setIp(fields.getOrDefault("c-ip", "")))
                        .putAllUnmapped(fields)
                        .removeUnmapped("c-ip");
        return EventLimits.bound(event.build());
    }
}
