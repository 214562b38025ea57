package dev.yagura.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.yagura.sandbox.wire.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** A request to the control API: what stood in its path, its query and its body. */
record ControlRequest(List<String> varying, Map<String, String> query, byte[] body) {

    /** The part of the path at the n-th star, from 0. */
    String part(int n) {
        return varying.get(n);
    }

    /**
     * The body as a record.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    <T> T as(Class<T> type) {
        try {
            T value =
                    JsonText.mapper()
                            .readValue(body.length == 0 ? new byte[] {'{', '}'} : body, type);
            if (value == null) {
                throw new IllegalArgumentException("the body must be a JSON object");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
