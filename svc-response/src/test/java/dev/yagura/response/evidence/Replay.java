package dev.yagura.response.evidence;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.EvidenceEntry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Makes an action from its evidence alone: what the result lacks, the proof does not have. */
public final class Replay {
    private Replay() {}

    /** The action's entries as they are stored, in order. */
    public static List<EvidenceEntry> entries(DataSource database, UUID action) {
        try (Connection connection = database.getConnection();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT record FROM evidence WHERE action_id = ? ORDER BY number")) {
            query.setObject(1, action);
            List<EvidenceEntry> entries = new ArrayList<>();
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    entries.add(entry(new String(rows.getBytes(1), StandardCharsets.UTF_8)));
                }
            }
            return entries;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the evidence", e);
        }
    }

    /** The record, read by protobuf's own JSON mapping. */
    public static EvidenceEntry entry(String record) {
        EvidenceEntry.Builder entry = EvidenceEntry.newBuilder();
        try {
            JsonFormat.parser().merge(record, entry);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(record, e);
        }
        return entry.build();
    }

    /** The action after all of its entries, but for what is the store's own. */
    public static Action of(List<EvidenceEntry> entries) {
        Action.Builder action = Action.newBuilder();
        for (EvidenceEntry entry : entries) {
            entry.getChange()
                    .getAllFields()
                    .forEach((field, value) -> apply(action, entry, field, value));
            entry.getClearedList()
                    .forEach(name ->
                            action.clearField(Action.getDescriptor().findFieldByName(name)));
        }
        return action.build();
    }

    /** What {@link #of} is to be compared with. */
    public static Action comparable(Action stored) {
        return stored.toBuilder().clearEtag().clearUpdateTime().build();
    }

    private static void apply(
            Action.Builder action, EvidenceEntry entry, FieldDescriptor field, Object value) {
        if (!field.isRepeated() || !entry.hasIndex()) {
            action.setField(field, value);
            return;
        }
        Object element = entry.getChange().getRepeatedField(field, 0);
        if (entry.getIndex() < action.getRepeatedFieldCount(field)) {
            action.setRepeatedField(field, entry.getIndex(), element);
        } else {
            action.addRepeatedField(field, element);
        }
    }
}
