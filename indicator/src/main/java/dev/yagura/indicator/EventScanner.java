package dev.yagura.indicator;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Hashes;
import dev.yagura.proto.telemetry.v1.NetworkEndpoint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks for indicators in the values of an event that can be some: hashes and paths of programs and
 * files, addresses and names of both ends, DNS questions and answers, URLs in command lines and in
 * fields that sources have for them. Makes no objects unless it finds something. Used by one
 * thread.
 */
public final class EventScanner {
    private static final int PROCESS_ACTIVITY = 1007;
    private static final int TERMINATE = 2;
    private static final int LAUNCH = 1;

    /** Names that sources have for whole URLs. */
    private static final List<String> URL_FIELDS =
            List.of(
                    "url",
                    "Url",
                    "URL",
                    "uri",
                    "c-uri",
                    "DestinationUrl",
                    "FileUrl",
                    "ReferrerUrl");

    private static final int HASHES =
            IndicatorKind.SHA256.bit() | IndicatorKind.SHA1.bit() | IndicatorKind.MD5.bit();
    private static final int ADDRESSES = IndicatorKind.ADDRESS.bit() | IndicatorKind.NETWORK.bit();
    private static final int NAMES = IndicatorKind.DOMAIN.bit() | IndicatorKind.DOMAIN_TREE.bit();
    private static final int HOSTS = ADDRESSES | NAMES;
    private static final int URLS = IndicatorKind.URL.bit();
    private static final int FILES = IndicatorKind.FILE.bit();

    private final ValueScanner values;

    /** Takes what may be an indicator: its fingerprint is known, the value is still to compare. */
    @FunctionalInterface
    public interface Hits {
        /**
         * One value that may be one.
         *
         * @param field of the event, for example "dst_endpoint.ip"
         * @param value of the event
         * @param key of an indicator that it would meet
         */
        void hit(String field, String value, IndicatorKey key);
    }

    /** The fields that the typed core of an event has no place for. */
    @FunctionalInterface
    public interface Unmapped {
        /** The field's value; null when there is none. */
        @Nullable String get(String name);
    }

    public EventScanner(Hits hits) {
        this.values = new ValueScanner(hits);
    }

    /**
     * Tells every hit.
     *
     * @param event its typed core; no other fields of it are looked at
     */
    public void scan(IndicatorIndex index, Event event, Unmapped unmapped) {
        values.use(index);
        boolean process =
                event.getClassUid() != PROCESS_ACTIVITY || event.getActivityId() != TERMINATE;
        if (index.hasAny(HASHES)) {
            if (process) {
                hashes(event.getProcess().getHashes(), true);
            }
            hashes(event.getFile().getHashes(), false);
        }
        if (index.hasAny(HOSTS)) {
            hosts(event);
        }
        if (index.hasAny(FILES)) {
            if (process) {
                values.path("process.path", event.getProcess().getPath());
            }
            values.path("file.path", event.getFile().getPath());
            values.path("file.previous_path", event.getFile().getPreviousPath());
        }
        if (index.hasAny(URLS | HOSTS)) {
            urls(event, unmapped);
        }
    }

    private void hashes(Hashes hashes, boolean process) {
        values.hash(
                process ? "process.hashes.sha256" : "file.hashes.sha256",
                IndicatorKind.SHA256,
                hashes.getSha256());
        values.hash(
                process ? "process.hashes.sha1" : "file.hashes.sha1",
                IndicatorKind.SHA1,
                hashes.getSha1());
        values.hash(
                process ? "process.hashes.md5" : "file.hashes.md5",
                IndicatorKind.MD5,
                hashes.getMd5());
    }

    private void hosts(Event event) {
        NetworkEndpoint source = event.getSrcEndpoint();
        values.host("src_endpoint.ip", source.getIp());
        values.host("src_endpoint.hostname", source.getHostname());
        NetworkEndpoint destination = event.getDstEndpoint();
        values.host("dst_endpoint.ip", destination.getIp());
        values.host("dst_endpoint.hostname", destination.getHostname());
        if (event.hasDnsQuery()) {
            values.host("dns_query.hostname", event.getDnsQuery().getHostname());
            for (int index = 0; index < event.getDnsQuery().getAnswersCount(); index++) {
                values.host("dns_query.answers", event.getDnsQuery().getAnswers(index));
            }
        }
    }

    /**
     * Command lines of starts only: every later event of a process repeats them, and starts have no
     * URL elsewhere.
     */
    private void urls(Event event, Unmapped unmapped) {
        if (event.getClassUid() == PROCESS_ACTIVITY) {
            if (event.getActivityId() == LAUNCH) {
                values.urls("process.cmd_line", event.getProcess().getCmdLine());
            }
        } else {
            for (int index = 0; index < URL_FIELDS.size(); index++) {
                String url = unmapped.get(URL_FIELDS.get(index));
                if (url != null) {
                    values.urls(URL_FIELDS.get(index), url);
                }
            }
        }
    }
}
