package dev.yagura.common.paging;

import dev.yagura.common.error.InvalidFieldException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Page tokens of one query: method, filter and order. A token is URL-safe base64 of
 *
 * <pre>version (1 byte) | digest (8 bytes) | one value after another: length (int32), UTF-8</pre>
 *
 * where the digest is the head of SHA-256 over the query and the values. A token of another query,
 * of another version, or cut in transport is refused, never misread. It is no secret and no
 * permission: the next page is authorized like the first.
 */
public final class PageTokens {
    private static final byte VERSION = 1;
    private static final int DIGEST_LENGTH = 8;
    private static final int HEADER_LENGTH = 1 + DIGEST_LENGTH;
    private static final int MAX_TOKEN_LENGTH = 4096;

    private final byte[] query;

    private PageTokens(byte[] query) {
        this.query = query;
    }

    /**
     * Tokens of a query.
     *
     * @param method full name, for example "yagura.detection.v1.AlertService/ListAlerts"
     * @param filter the filter as the client sent it, for example the bytes of the message
     * @param order columns and direction, for example "create_time desc, id desc"
     */
    public static PageTokens of(String method, byte[] filter, String order) {
        byte[] methodName = method.getBytes(StandardCharsets.UTF_8);
        byte[] orderName = order.getBytes(StandardCharsets.UTF_8);
        return new PageTokens(encode(List.of(methodName, filter, orderName)));
    }

    /** The token after a page whose last row has this sort key. */
    public String next(String... lastRow) {
        byte[] values =
                encode(
                        Arrays.stream(lastRow)
                                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                                .toList());
        byte[] token = new byte[HEADER_LENGTH + values.length];
        token[0] = VERSION;
        System.arraycopy(digest(values), 0, token, 1, DIGEST_LENGTH);
        System.arraycopy(values, 0, token, HEADER_LENGTH, values.length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
    }

    /**
     * The sort key to go on after; empty for the first page.
     *
     * @param token the request's page_token
     * @throws InvalidFieldException when the token is not one of this query
     */
    public Optional<PageKey> read(String token) {
        if (token.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = decodeBase64(token);
        if (bytes.length < HEADER_LENGTH) {
            throw malformed();
        }
        if (bytes[0] != VERSION) {
            throw refused("is of another version of this server");
        }
        byte[] values = Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length);
        byte[] expected = Arrays.copyOfRange(bytes, 1, HEADER_LENGTH);
        if (!MessageDigest.isEqual(expected, digest(values))) {
            throw refused("belongs to another method, filter or order, or is damaged");
        }
        return Optional.of(new PageKey(decode(values)));
    }

    private static byte[] decodeBase64(String token) {
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw malformed();
        }
        try {
            return Base64.getUrlDecoder().decode(token);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static InvalidFieldException malformed() {
        return refused("is not a page token");
    }

    private static InvalidFieldException refused(String problem) {
        return new InvalidFieldException(
                "page_token",
                problem,
                "send next_page_token as it came, with the same filter and order, or list again"
                        + " from the first page");
    }

    private byte[] digest(byte[] values) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(query);
            return Arrays.copyOf(sha256.digest(values), DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] encode(List<byte[]> values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        try {
            for (byte[] value : values) {
                out.writeInt(value.length);
                out.write(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static List<String> decode(byte[] bytes) {
        List<String> values = new ArrayList<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        try {
            while (in.available() > 0) {
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    throw malformed();
                }
                values.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw malformed();
        }
        return values;
    }
}
