package dev.yagura.sandbox.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** JSON of the control API and of seeds: ISO 8601 times and durations, unknown members refused. */
public final class JsonText {
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .addModule(
                            new SimpleModule()
                                    .addSerializer(Instant.class, ToStringSerializer.instance)
                                    .addSerializer(Duration.class, ToStringSerializer.instance)
                                    .addDeserializer(Duration.class, new DurationReader()))
                    .build();

    private JsonText() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    private static final class DurationReader extends StdScalarDeserializer<Duration> {
        private static final long serialVersionUID = 1L;

        DurationReader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            try {
                return Duration.parse(parser.getText());
            } catch (DateTimeParseException e) {
                throw new InvalidFormatException(
                        parser, "not an ISO 8601 duration", parser.getText(), Duration.class);
            }
        }
    }
}
