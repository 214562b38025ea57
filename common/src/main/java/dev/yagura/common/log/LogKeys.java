package dev.yagura.common.log;

/** Keys of structured log lines. Values are ids and counts, never payloads and never secrets. */
public final class LogKeys {
    public static final String ACTION = "action";
    public static final String ADDRESS = "address";
    public static final String AGENT = "agent";
    public static final String ALERT = "alert";
    public static final String ATTEMPT = "attempt";
    public static final String CODE = "code";
    public static final String COUNT = "count";
    public static final String DELIVERY = "delivery";
    public static final String ENDPOINT = "endpoint";
    public static final String ERROR_ID = "error_id";
    public static final String FILE = "file";
    public static final String HOST = "host";
    public static final String INCIDENT = "incident";
    public static final String INSTANCE = "instance";
    public static final String KEY = "key";
    public static final String LOGSOURCE = "logsource";
    public static final String METHOD = "method";
    public static final String OFFSET = "offset";
    public static final String OPERATION = "operation";
    public static final String PARTITION = "partition";
    public static final String PEER = "peer";
    public static final String PORT = "port";
    public static final String PRINCIPAL = "principal";
    public static final String REASON = "reason";
    public static final String RULE = "rule";
    public static final String SEQUENCE = "sequence";
    public static final String SERVICE = "service";
    public static final String SPOOL = "spool";
    public static final String STAGE = "stage";
    public static final String STATE = "state";
    public static final String VERSION = "version";

    private LogKeys() {}
}
