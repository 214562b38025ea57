package dev.yagura.detection.correlation;

import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.SightingCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What is kept of the events that a portion's groups ask for. */
final class Evidence {
    private final Map<SqlCorrelationGroups.Place, byte[]> bytes;

    private Evidence(Map<SqlCorrelationGroups.Place, byte[]> bytes) {
        this.bytes = bytes;
    }

    /** What came with the portion, and what is stored. */
    static Evidence of(Connection connection, Collection<GroupWork> groups) throws SQLException {
        Map<SqlCorrelationGroups.Place, byte[]> bytes = new HashMap<>();
        List<SqlCorrelationGroups.Place> missing = new ArrayList<>();
        for (GroupWork group : groups) {
            group.added()
                    .forEach(member ->
                            bytes.put(
                                    new SqlCorrelationGroups.Place(
                                            group.id(), member.match().eventId()),
                                    member.evidence()));
            group.eventsAskedFor()
                    .forEach(event ->
                            missing.add(new SqlCorrelationGroups.Place(group.id(), event)));
        }
        missing.removeIf(bytes::containsKey);
        bytes.putAll(SqlCorrelationGroups.evidence(connection, missing));
        return new Evidence(bytes);
    }

    Optional<byte[]> bytes(UUID groupId, String eventId) {
        return Optional.ofNullable(bytes.get(new SqlCorrelationGroups.Place(groupId, eventId)));
    }

    Optional<Sighting> sighting(UUID groupId, String eventId) {
        return bytes(groupId, eventId).map(SightingCodec::decode);
    }
}
