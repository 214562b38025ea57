package dev.yagura.cli.evidence;

import com.google.protobuf.ByteString;
import dev.yagura.common.evidence.EvidenceLink;
import dev.yagura.proto.response.v1.EvidenceRecord;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A record as a line of JSON: {"hash", "number", "previousHash", "record"}, or "recordHash" where
 * the content is withheld. Canonical as a whole, so that a line has one text too.
 */
final class EvidenceLine {
    private static final Set<String> WHOLE = Set.of("hash", "number", "previousHash", "record");
    private static final Set<String> WITHHELD =
            Set.of("hash", "number", "previousHash", "recordHash");

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private EvidenceLine() {}

    /**
     * The record as the service sent it.
     *
     * @throws EvidenceFormatException its text is none that a service writes, or it is filed as
     *     another one's
     */
    static EvidenceLink link(EvidenceRecord record) throws EvidenceFormatException {
        if (record.getRecord().isEmpty()) {
            return EvidenceLink.withheld(
                    record.getNumber(),
                    record.getPreviousHash(),
                    record.getRecordHash(),
                    record.getHash());
        }
        RecordText text = RecordText.parse(record.getRecord());
        if (!text.text("action").equals(record.getAction())
                || !text.text("playbookRun").equals(record.getPlaybookRun())
                || !text.text("accountId").equals(record.getAccountId())) {
            throw new EvidenceFormatException(
                    "is filed under %s, account %s, but it is about %s, account %s"
                            .formatted(
                                    record.getAction() + record.getPlaybookRun(),
                                    record.getAccountId(),
                                    text.about(),
                                    text.text("accountId")));
        }
        return EvidenceLink.whole(
                record.getNumber(),
                record.getPreviousHash(),
                record.getRecord(),
                record.getHash(),
                text.subject());
    }

    /** The line of a record that {@link #link(EvidenceRecord)} has taken: its text is canonical. */
    static String write(EvidenceRecord record) {
        String content =
                record.getRecord().isEmpty()
                        ? "\"recordHash\":\"" + hex(record.getRecordHash()) + "\""
                        : "\"record\":" + record.getRecord();
        return "{\"hash\":\"%s\",\"number\":%d,\"previousHash\":\"%s\",%s}"
                .formatted(
                        hex(record.getHash()),
                        record.getNumber(),
                        hex(record.getPreviousHash()),
                        content);
    }

    /**
     * The record of a line.
     *
     * @throws EvidenceFormatException the line is not as {@link #write} makes it
     */
    static EvidenceLink link(String line) throws EvidenceFormatException {
        Map<?, ?> content = RecordText.parse(line).content();
        long number = number(content);
        ByteString previousHash = hash(content, "previousHash");
        ByteString hash = hash(content, "hash");
        boolean whole = content.containsKey("record");
        if (!content.keySet().equals(whole ? WHOLE : WITHHELD)) {
            throw new EvidenceFormatException(
                    "has other members than export writes: " + content.keySet());
        }
        if (whole) {
            if (!(content.get("record") instanceof Map<?, ?> record)) {
                throw new EvidenceFormatException("has a record that is no object");
            }
            RecordText text = new RecordText(record);
            return EvidenceLink.whole(number, previousHash, text.canonical(), hash, text.subject());
        }
        return EvidenceLink.withheld(number, previousHash, hash(content, "recordHash"), hash);
    }

    private static long number(Map<?, ?> content) throws EvidenceFormatException {
        @Nullable Object number = content.get("number");
        if (number instanceof Integer || number instanceof Long) {
            return ((Number) number).longValue();
        }
        throw new EvidenceFormatException("has no number");
    }

    private static ByteString hash(Map<?, ?> content, String name) throws EvidenceFormatException {
        if (content.get(name) instanceof String text && HASH.matcher(text).matches()) {
            return ByteString.copyFrom(HexFormat.of().parseHex(text));
        }
        throw new EvidenceFormatException(
                "has no " + name + " of 64 hexadecimal digits in lower case");
    }

    private static String hex(ByteString hash) {
        return HexFormat.of().formatHex(hash.toByteArray());
    }
}
