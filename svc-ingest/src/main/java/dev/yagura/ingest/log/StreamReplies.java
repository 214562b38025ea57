package dev.yagura.ingest.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Redis' answers about streams: [[key, entries]…], entries [[id, [field, value]]…]. */
final class StreamReplies {
    private StreamReplies() {}

    /** The id of an offset. */
    static byte[] id(long offset) {
        return (offset + "-0").getBytes(US_ASCII);
    }

    static Map<Integer, List<StoredEntry>> streams(List<?> reply) {
        Map<Integer, List<StoredEntry>> byPartition = new HashMap<>();
        for (Object stream : reply) {
            List<?> keyAndEntries = (List<?>) stream;
            String key = new String((byte[]) keyAndEntries.get(0), US_ASCII);
            int partition = Integer.parseInt(key.substring(key.indexOf('{') + 1, key.indexOf('}')));
            byPartition.put(partition, entries((List<?>) keyAndEntries.get(1)));
        }
        return byPartition;
    }

    static List<StoredEntry> entries(List<?> reply) {
        return reply.stream().map(entry -> entry((List<?>) entry)).toList();
    }

    private static StoredEntry entry(List<?> idAndFields) {
        String id = new String((byte[]) idAndFields.get(0), US_ASCII);
        byte[] value = (byte[]) ((List<?>) idAndFields.get(1)).get(1);
        return new StoredEntry(Long.parseLong(id.substring(0, id.indexOf('-'))), value);
    }
}
