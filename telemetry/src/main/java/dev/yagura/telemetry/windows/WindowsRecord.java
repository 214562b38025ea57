package dev.yagura.telemetry.windows;

import dev.yagura.telemetry.event.EventData;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.json.JsonReader;
import dev.yagura.telemetry.json.JsonRecord;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** One record of a Windows event log, whichever form it came in. Used again for the next. */
final class WindowsRecord {
    private static final String SYSMON_CHANNEL = "Microsoft-Windows-Sysmon/Operational";

    private static final String EVENT_TYPE = "\nEventType: ";

    /** Of exports without the channel; of other providers the channel is called like them. */
    private static final Map<String, String> CHANNEL_BY_PROVIDER =
            Map.of(
                    "microsoft-windows-sysmon", SYSMON_CHANNEL,
                    "microsoft-windows-security-auditing", "Security",
                    "microsoft-windows-eventlog", "Security",
                    "microsoft-windows-powershell", "Microsoft-Windows-PowerShell/Operational",
                    "powershell", "Windows PowerShell",
                    "service control manager", "System");

    private final JsonReader embedded = new JsonReader();
    final EventData data = new EventData();
    final Map<String, String> system = new LinkedHashMap<>();
    String channel = "";
    String eventId = "";
    String provider = "";
    String computer = "";
    String recordId = "";
    String message = "";
    private String maybeProvider = "";
    private String maybeProviderName = "";
    private String dataName = "";
    private String time = "";
    private String secondTime = "";

    /** False when the record is of no Windows event log: no event id, no channel or provider. */
    boolean read(JsonRecord json) {
        clear();
        for (int i = 0; i < json.size(); i++) {
            take(WindowsPath.of(json.path(i)), json.value(i));
        }
        if (provider.isEmpty()) {
            provider = maybeProvider;
        } else if (!maybeProvider.isEmpty() && !maybeProvider.equals(provider)) {
            data.add(maybeProviderName, maybeProvider);
        }
        if (channel.isEmpty()) {
            channel = CHANNEL_BY_PROVIDER.getOrDefault(provider.toLowerCase(Locale.ROOT), provider);
        }
        return !eventId.isEmpty() && !(channel.isEmpty() && provider.isEmpty());
    }

    boolean isSysmon() {
        return channel.equalsIgnoreCase(SYSMON_CHANNEL);
    }

    /** Empty when the record has no time that can be read. */
    OptionalLong timeNanos() {
        OptionalLong found = isSysmon() ? EventTimes.parse(data.text("UtcTime")) : none();
        found = found.isPresent() ? found : EventTimes.parse(time);
        return found.isPresent() ? found : EventTimes.parse(secondTime);
    }

    /** Shippers have an EventType of their own; where they lose Sysmon's, its text still has it. */
    void recoverEventType() {
        int start = message.indexOf(EVENT_TYPE);
        if (start >= 0 && !data.has("EventType")) {
            int from = start + EVENT_TYPE.length();
            int end = from;
            while (end < message.length() && message.charAt(end) >= ' ') {
                end++;
            }
            data.set("EventType", message.substring(from, end));
        }
    }

    private static OptionalLong none() {
        return OptionalLong.empty();
    }

    private void clear() {
        data.clear();
        system.clear();
        channel = "";
        eventId = "";
        provider = "";
        computer = "";
        recordId = "";
        message = "";
        maybeProvider = "";
        maybeProviderName = "";
        dataName = "";
        time = "";
        secondTime = "";
    }

    private void take(WindowsPath path, String value) {
        switch (path.kind()) {
            case CHANNEL -> channel = value;
            case EVENT_ID -> eventId = value.strip();
            case PROVIDER -> provider = value;
            case PROVIDER_OR_DATA -> {
                maybeProvider = value;
                maybeProviderName = path.name();
            }
            case COMPUTER -> computer = value;
            case RECORD_ID -> recordId = value;
            case TIME -> time = value;
            case SECOND_TIME -> secondTime = secondTime.isEmpty() ? value : secondTime;
            case MESSAGE -> message = value;
            case SYSTEM ->
                    system.put(
                            path.name(), path.name().equals("Keywords") ? keywords(value) : value);
            case DATA -> data.add(path.name(), value);
            case DATA_NAME -> dataName = value;
            case DATA_TEXT -> {
                data.add(dataName.isEmpty() ? path.name() : dataName, value);
                dataName = "";
            }
            case EMBEDDED -> embedded(path.name(), value);
            case IGNORED -> {}
        }
    }

    /** A mask is written in hexadecimal, as the event viewer does; some shippers write a number. */
    private static String keywords(String value) {
        try {
            return "0x" + Long.toHexString(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return value;
        }
    }

    /** Log exports hold EventData as JSON in a text. */
    private void embedded(String name, String value) {
        if (!value.startsWith("{")) {
            if (!value.isBlank()) {
                data.add(name, value);
            }
            return;
        }
        embedded.read(value)
                .ifPresentOrElse(
                        json -> {
                            for (int i = 0; i < json.size(); i++) {
                                data.add(json.path(i).name(), json.value(i));
                            }
                        },
                        () -> data.add(name, value));
    }
}
