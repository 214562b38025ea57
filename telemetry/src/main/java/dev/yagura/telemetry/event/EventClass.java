package dev.yagura.telemetry.event;

/** Class and activity numbers of OCSF 1.x that the agent uses. */
public final class EventClass {
    public static final int FILE = 1001;
    public static final int FILE_CREATE = 1;
    public static final int FILE_READ = 2;
    public static final int FILE_UPDATE = 3;
    public static final int FILE_DELETE = 4;
    public static final int FILE_RENAME = 5;
    public static final int FILE_SET_ATTRIBUTES = 6;

    public static final int PROCESS = 1007;
    public static final int PROCESS_LAUNCH = 1;
    public static final int PROCESS_TERMINATE = 2;

    public static final int AUTHENTICATION = 3002;
    public static final int AUTHENTICATION_LOGON = 1;
    public static final int AUTHENTICATION_LOGOFF = 2;

    public static final int NETWORK = 4001;
    public static final int NETWORK_OPEN = 1;
    public static final int NETWORK_FAIL = 4;

    public static final int DNS = 4003;
    public static final int DNS_QUERY = 1;

    private EventClass() {}
}
