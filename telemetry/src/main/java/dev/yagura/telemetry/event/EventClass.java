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

    public static final int KERNEL_EXTENSION = 1002;
    public static final int MODULE = 1005;

    /** Of a kernel extension or a module. */
    public static final int LOAD = 1;

    public static final int PROCESS = 1007;
    public static final int PROCESS_LAUNCH = 1;
    public static final int PROCESS_TERMINATE = 2;

    public static final int AUTHENTICATION = 3002;
    public static final int AUTHENTICATION_LOGON = 1;
    public static final int AUTHENTICATION_LOGOFF = 2;

    public static final int AUTHENTICATION_TICKET = 3;
    public static final int AUTHENTICATION_SERVICE_TICKET = 4;

    public static final int NETWORK = 4001;
    public static final int NETWORK_OPEN = 1;
    public static final int NETWORK_FAIL = 4;
    public static final int NETWORK_REFUSE = 5;
    public static final int NETWORK_LISTEN = 7;

    public static final int HTTP = 4002;

    public static final int DNS = 4003;
    public static final int DNS_QUERY = 1;

    public static final int API = 6003;
    public static final int API_CREATE = 1;
    public static final int API_READ = 2;
    public static final int API_UPDATE = 3;
    public static final int API_DELETE = 4;

    /** Of OCSF's Windows extension. */
    public static final int REGISTRY_KEY = 201_001;

    public static final int REGISTRY_KEY_CREATE = 1;
    public static final int REGISTRY_KEY_DELETE = 4;
    public static final int REGISTRY_KEY_RENAME = 5;
    public static final int REGISTRY_VALUE = 201_002;
    public static final int REGISTRY_VALUE_SET = 2;

    /** An activity that OCSF has no number for. */
    public static final int OTHER = 99;

    private EventClass() {}
}
