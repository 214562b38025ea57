package dev.yagura.detection.incident;

import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.process.Origin;
import dev.yagura.detection.process.ProcessFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What two alerts of a host may have in common so that they belong to one incident.
 *
 * @param text kind and value, unique on a host
 * @param reason why it joins, for people
 * @param windowed joins only within the address window
 */
record JoinKey(String text, String reason, boolean windowed) {

    /** Keys of a sighting, the strongest first. */
    static List<JoinKey> of(Sighting sighting) {
        Map<String, JoinKey> keys = new LinkedHashMap<>();
        List<ProcessFacts> own = sighting.lineage().own();
        for (int depth = 0; depth < own.size(); depth++) {
            ProcessFacts process = own.get(depth);
            add(
                    keys,
                    "process:" + process.uid(),
                    depth == 0
                            ? "same process tree: " + process.label() + " is in it"
                            : "same process tree: descends from " + process.label(),
                    false);
        }
        for (Origin origin : sighting.lineage().origins()) {
            String reason =
                    "%s %s, written by %s of the incident"
                            .formatted(
                                    origin.inferred() ? "scheduled by" : "runs",
                                    origin.file(),
                                    origin.writer().getFirst().label());
            origin.writer().forEach(writer -> add(keys, "process:" + writer.uid(), reason, false));
        }
        String roleSession = roleSession(sighting);
        if (!roleSession.isEmpty()) {
            add(keys, "role-session:" + roleSession, "same role session " + roleSession, false);
        }
        RemoteAddresses.of(sighting.match().getEvent())
                .filter(RemoteAddresses::tells)
                .ifPresent(address ->
                        add(keys, "address:" + address, "same remote address " + address, true));
        return new ArrayList<>(keys.values());
    }

    /** ARN of the role session that the process holds; empty when not known. */
    static String roleSession(Sighting sighting) {
        var event = sighting.match().getEvent();
        return event.getProcess().getRoleSession().getArn().isEmpty()
                ? event.getActor().getRoleSession().getArn()
                : event.getProcess().getRoleSession().getArn();
    }

    private static void add(
            Map<String, JoinKey> keys, String text, String reason, boolean windowed) {
        keys.putIfAbsent(text, new JoinKey(text, reason, windowed));
    }
}
