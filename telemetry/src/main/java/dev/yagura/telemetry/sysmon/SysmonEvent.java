package dev.yagura.telemetry.sysmon;

import java.io.StringReader;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One event of Sysmon.
 *
 * @param id EventID, for example 1 for a new process
 * @param recordId EventRecordID
 * @param data the EventData, without values that are "-" (absent)
 */
record SysmonEvent(int id, String recordId, Map<String, String> data) {
    static final String START = "<Event>";
    private static final String END = "</Event>";
    private static final int MOST_FIELDS = 200;

    private static final DateTimeFormatter UTC_TIME =
            new DateTimeFormatterBuilder()
                    .appendPattern("yyyy-MM-dd HH:mm:ss")
                    .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
                    .toFormatter(java.util.Locale.ROOT);

    private static final XMLInputFactory XML = factory();

    SysmonEvent {
        data = Map.copyOf(data);
    }

    /** The event of a line; empty when it holds none or is cut. */
    static Optional<SysmonEvent> parse(String line) {
        int start = line.indexOf(START);
        int end = line.lastIndexOf(END);
        if (start < 0 || end < start) {
            return Optional.empty();
        }
        try {
            return read(
                    XML.createXMLStreamReader(
                            new StringReader(line.substring(start, end + END.length()))));
        } catch (XMLStreamException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<SysmonEvent> read(XMLStreamReader xml) throws XMLStreamException {
        int id = 0;
        String recordId = "";
        Map<String, String> data = new LinkedHashMap<>();
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "EventID" -> id = Integer.parseInt(xml.getElementText().strip());
                case "EventRecordID" -> recordId = xml.getElementText().strip();
                case "Data" -> {
                    String name = xml.getAttributeValue(null, "Name");
                    String value = xml.getElementText();
                    if (name != null
                            && !value.isEmpty()
                            && !value.equals("-")
                            && data.size() < MOST_FIELDS) {
                        data.put(name, value);
                    }
                }
                default -> {}
            }
        }
        return id == 0 ? Optional.empty() : Optional.of(new SysmonEvent(id, recordId, data));
    }

    String text(String name) {
        return data.getOrDefault(name, "");
    }

    int number(String name) {
        try {
            return Integer.parseInt(text(name));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** UtcTime in nanoseconds; empty when it is absent or garbled. */
    Optional<Long> timeNanos() {
        try {
            LocalDateTime time = LocalDateTime.parse(text("UtcTime"), UTC_TIME);
            return Optional.of(
                    Math.addExact(
                            Math.multiplyExact(time.toEpochSecond(ZoneOffset.UTC), 1_000_000_000L),
                            time.getNano()));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** No document types, no outside entities: lines are not to be trusted. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }
}
