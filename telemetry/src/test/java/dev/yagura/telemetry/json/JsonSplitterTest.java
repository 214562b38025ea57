package dev.yagura.telemetry.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSplitterTest {
    private final List<String> objects = new ArrayList<>();
    private final List<String> bad = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1}\n{\"b\":{\"c\":[1,{\"d\":2}]}}\n",
                "{\"a\":1}{\"b\":{\"c\":[1,{\"d\":2}]}}",
                "Record 1\r\n{\"a\":1}\nRecord 22\n{\"b\":{\"c\":[1,{\"d\":2}]}}\n",
                "[{\"a\":1},\n {\"b\":{\"c\":[1,{\"d\":2}]}}]",
                "{\"Records\":[{\"a\":1},{\"b\":{\"c\":[1,{\"d\":2}]}}],\"next\":\"x\"}",
                "{ \"Records\" : [\n{\"a\":1},\n{\"b\":{\"c\":[1,{\"d\":2}]}}\n]}\n"
            })
    void findsObjectsHoweverTheyAreWrapped(String text) {
        split(text);
        assertThat(objects).containsExactly("{\"a\":1}", "{\"b\":{\"c\":[1,{\"d\":2}]}}");
        assertThat(bad).isEmpty();
    }

    @Test
    void keepsObjectsOverManyLinesAndBracketsInTexts() {
        String pretty = "{\n  \"a\": {\n    \"b\": \"}{][\\\"\\\\\"\n  }\n}";
        split(pretty + "\n" + pretty);
        assertThat(objects).containsExactly(pretty, pretty);
        assertThat(bad).isEmpty();
    }

    @Test
    void aListOfRecordsInsideAnObjectIsNoWrapper() {
        split("{\"id\":1,\"Records\":[{\"a\":1}]}");
        assertThat(objects).containsExactly("{\"id\":1,\"Records\":[{\"a\":1}]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"cut off\n{\"ok\":1}\n",
                "{\"a\":1\n{\"ok\":1}\n",
                "{\"a\":[1,2\n{\"ok\":1}\n",
                "no json at all\n{\"ok\":1}\n",
                "}}]\n{\"ok\":1}\n",
                "{\"ok\":1}\n{\"a\":{\"b\":1}"
            })
    void goesOnBehindWhatIsBroken(String text) {
        split(text);
        assertThat(objects).containsExactly("{\"ok\":1}");
        assertThat(bad).isNotEmpty();
    }

    @Test
    void theSameWhereverTheStreamIsCut() {
        byte[] bytes =
                "{\"Records\":[{\"a\":\"x\\\\\\\"}\"},{\"b\":{\"c\":[]}}]}\n{\"d\":\"ü\"}"
                        .getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length; size++) {
            objects.clear();
            JsonSplitter splitter = splitter();
            for (int from = 0; from < bytes.length; from += size) {
                byte[] chunk = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size));
                splitter.accept(chunk, chunk.length);
            }
            splitter.finish();
            assertThat(objects)
                    .containsExactly(
                            "{\"a\":\"x\\\\\\\"}\"}", "{\"b\":{\"c\":[]}}", "{\"d\":\"ü\"}");
        }
        assertThat(bad).isEmpty();
    }

    @Test
    void randomBytesNeverBreakIt() {
        Random random = new Random(7);
        byte[] alphabet = "{}[]\",:\\\n aR1".getBytes(StandardCharsets.UTF_8);
        JsonReader reader = new JsonReader();
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(alphabet.length)];
            }
            objects.clear();
            bad.clear();
            split(new String(bytes, StandardCharsets.UTF_8));
            for (String object : objects) {
                assertThat(object).startsWith("{").endsWith("}");
                reader.read(object);
            }
        }
    }

    private void split(String text) {
        JsonSplitter splitter = splitter();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        splitter.accept(bytes, bytes.length);
        splitter.finish();
    }

    private JsonSplitter splitter() {
        return new JsonSplitter(
                new JsonSplitter.Sink() {
                    @Override
                    public void object(byte[] bytes, int from, int to) {
                        objects.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void bad(String text, String reason) {
                        bad.add(reason + ": " + text);
                    }
                });
    }
}
