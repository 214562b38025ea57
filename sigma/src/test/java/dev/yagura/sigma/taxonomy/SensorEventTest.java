package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.proto.telemetry.v1.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An event that is found in its bytes is the event that protobuf reads. */
class SensorEventTest {
    private static final int MUTANTS = 40_000;
    private static final Device HOST = Device.newBuilder().setOs("linux").build();
    private static final List<String> NAMES =
            List.of("a0", "exe", "name", "key", "Channel", "EventID", "", "Ünicode", "no such");

    private static final Event LAUNCH =
            Event.newBuilder()
                    .setClassUid(1007)
                    .setActivityId(1)
                    .setTimeNs(1_790_000_000_000_000_000L)
                    .setSource("auditd")
                    .setProcess(Process.newBuilder().setPath("/usr/bin/id").setPid(7))
                    .addRawRecords(record("PATH").putFields("name", "/usr/bin/id"))
                    .addRawRecords(
                            record("SYSCALL")
                                    .putFields("a0", "7f")
                                    .putFields("exe", "/usr/bin/îd")
                                    .putFields("key", ""))
                    .addRawRecords(record("SYSCALL").putFields("exe", "x".repeat(300)))
                    .addRawRecords(record(""))
                    .putUnmapped("Channel", "Security")
                    .putUnmapped("EventID", "4688")
                    .putUnmapped("Ünicode", "€ 𝄞")
                    .putUnmapped("", "empty name")
                    .build();

    private static RawRecord.Builder record(String type) {
        return RawRecord.newBuilder().setType(type);
    }

    @Test
    void showsWhatTheMessageHas() throws Exception {
        SensorEvent event = read(LAUNCH.toByteString());

        assertThat(event).isInstanceOf(EncodedEvent.class);
        assertSame(event, LAUNCH);
        assertThat(event.call()).isEqualTo(1);
        assertThat(event.core())
                .isEqualTo(LAUNCH.toBuilder().clearRawRecords().clearUnmapped().build());
        assertThat(event.unmapped("Ünicode")).isEqualTo("€ 𝄞");
        assertThat(event.unmapped("no such")).isNull();
    }

    @Test
    void isReadWhereItStandsAmongOtherBytes() throws Exception {
        ByteString before = ByteString.copyFromUtf8("before");
        ByteString all = before.concat(LAUNCH.toByteString()).concat(before);

        SensorEvent event =
                SensorEvent.read(all.toByteArray(), before.size(), all.size() - before.size());

        assertSame(event, LAUNCH);
        assertThat(event.bytes()).isEqualTo(LAUNCH.toByteString());
    }

    @Test
    void ofANameThatIsThereTwiceTheLastValueCounts() throws Exception {
        ByteString twice =
                Event.newBuilder()
                        .putUnmapped("key", "first")
                        .build()
                        .toByteString()
                        .concat(
                                Event.newBuilder()
                                        .putUnmapped("key", "last")
                                        .build()
                                        .toByteString());

        SensorEvent event = read(twice);

        assertThat(event.whole().getUnmappedMap()).containsEntry("key", "last");
        assertThat(event.unmapped("key")).isEqualTo("last");
    }

    @Test
    void anUnusualOrderOfFieldsIsReadAsWell() throws Exception {
        ByteString records =
                Event.newBuilder().addRawRecords(record("PATH")).build().toByteString();
        ByteString core = Event.newBuilder().setSource("auditd").build().toByteString();
        ByteString unmapped = Event.newBuilder().putUnmapped("key", "k").build().toByteString();

        for (ByteString bytes :
                List.of(
                        records.concat(core),
                        unmapped.concat(records),
                        unmapped.concat(core).concat(records))) {
            assertSame(read(bytes), Event.parseFrom(bytes));
        }
    }

    @Test
    void fieldsOfALaterSchemaAreKept() throws Exception {
        ByteString later = ByteString.copyFrom(new byte[] {(byte) 0xfa, 1, 2, 'h', 'i'});

        SensorEvent event = read(LAUNCH.toByteString().concat(later));

        assertThat(event).isInstanceOf(EncodedEvent.class);
        assertThat(event.whole().getUnknownFields().asMap()).containsOnlyKeys(31);
        assertThat(event.bytes()).isEqualTo(LAUNCH.toByteString().concat(later));
    }

    @Test
    void textThatIsNotUtf8IsRefused() {
        byte[] bytes = LAUNCH.toByteArray();
        bytes[LAUNCH.toByteString().toString(StandardCharsets.ISO_8859_1).indexOf("7f")] =
                (byte) 0xff;

        assertThatThrownBy(() -> SensorEvent.read(bytes, 0, bytes.length))
                .isInstanceOf(InvalidProtocolBufferException.class);
    }

    /** Whatever the bytes: both refuse them, or both have the same event. */
    @Test
    void agreesWithProtobufOnDamagedBytes() {
        Random random = new Random(1);
        byte[] sound = LAUNCH.toByteArray();
        int readable = 0;
        for (int i = 0; i < MUTANTS; i++) {
            byte[] bytes = sound.clone();
            for (int change = 0; change <= random.nextInt(3); change++) {
                int at = random.nextInt(bytes.length);
                bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1);
            }
            Event expected = parsed(bytes);
            if (expected == null) {
                assertThatThrownBy(() -> read(ByteString.copyFrom(bytes)))
                        .isInstanceOf(InvalidProtocolBufferException.class);
            } else {
                readable++;
                try {
                    assertSame(read(ByteString.copyFrom(bytes)), expected);
                } catch (InvalidProtocolBufferException e) {
                    throw new AssertionError("protobuf reads it: " + expected, e);
                }
            }
        }
        assertThat(readable).isBetween(MUTANTS / 10, MUTANTS - MUTANTS / 10);
    }

    private static @Nullable Event parsed(byte[] bytes) {
        try {
            return Event.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    private static SensorEvent read(ByteString bytes) throws InvalidProtocolBufferException {
        return SensorEvent.read(bytes.toByteArray(), 0, bytes.size());
    }

    private static void assertSame(SensorEvent event, Event expected) {
        assertThat(event.whole()).isEqualTo(expected);
        assertThat(shown(event)).isEqualTo(shown(SensorEvent.of(expected)));
    }

    /** All that a rule can see. */
    private static List<String> shown(SensorEvent event) {
        List<String> shown = new ArrayList<>();
        EventKind kind = EventKind.of(HOST, event);
        shown.add(kind.toString());
        shown.add(kind.isOf(HOST, event) + " " + EventKind.hash(HOST, event));
        shown.add(event.core().getTimeNs() + " " + event.core().getProcess());
        shown.add("call " + event.call());
        for (int record = 0; record < event.records(); record++) {
            FieldText type = new FieldText();
            event.type(record, type);
            shown.add(record + " " + type.isPresent() + type);
            for (String name : NAMES) {
                FieldText text = new FieldText();
                boolean found = event.field(record, new FieldName(name), text);
                shown.add(name + ' ' + found + text.isPresent() + text);
            }
        }
        for (String name : NAMES) {
            FieldText text = new FieldText();
            shown.add(event.unmapped(new FieldName(name), text) + "" + text.isPresent() + text);
            shown.add(name + ' ' + event.unmapped(name));
        }
        return shown;
    }

    @Test
    void keywordsAndObjectsSeeTheSameText() throws Exception {
        Event event =
                LAUNCH.toBuilder()
                        .putUnmapped("user.name", "ana")
                        .putUnmapped("user.mfa.on", "true")
                        .build();
        assertThat(text(Places::everyText, read(event.toByteString())))
                .isEqualTo(text(Places::everyText, SensorEvent.of(event)))
                .contains("/usr/bin/îd", "€ 𝄞");
        FieldReader object = Places.reader("object.user").orElseThrow();
        assertThat(text(object, read(event.toByteString())))
                .isEqualTo(text(object, SensorEvent.of(event)))
                .isEqualTo("\"name\":\"ana\"\n\"mfa.on\":\"true\"");
    }

    private static String text(FieldReader reader, SensorEvent event) {
        EventView view = new EventView();
        view.show(event);
        FieldText text = new FieldText();
        reader.read(view, text);
        return text.toString();
    }
}
