package dev.yagura.response.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> says: "v1," and base64
 * of HMAC-SHA256 over id, time and body with dots between; one signature for each secret.
 */
final class WebhookSecrets {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";

    /** Bounds of the convention. */
    private static final int LEAST_BYTES = 24;

    private static final int MOST_BYTES = 64;
    private static final int MOST_SECRETS = 2;

    /** Nobody means a larger file. */
    private static final long MOST_CHARACTERS = 4096;

    private final List<SecretKeySpec> keys;

    private WebhookSecrets(List<SecretKeySpec> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Secrets of a file, a line for each.
     *
     * @throws UnusableSecretException there is none, or too many, or one of another form
     */
    static WebhookSecrets read(Path file) throws UnusableSecretException {
        try {
            if (Files.size(file) > MOST_CHARACTERS) {
                throw new UnusableSecretException(file + " is too large for secrets");
            }
            return of(Files.readAllLines(file));
        } catch (IOException e) {
            // Its message may be the content.
            throw new UnusableSecretException(
                    file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    static WebhookSecrets of(List<String> lines) throws UnusableSecretException {
        List<SecretKeySpec> keys = new ArrayList<>();
        for (String line : lines) {
            if (!line.isBlank()) {
                keys.add(key(line.strip()));
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_SECRETS) {
            throw new UnusableSecretException(
                    "expected one secret or two, a line for each; found " + keys.size());
        }
        return new WebhookSecrets(keys);
    }

    private static SecretKeySpec key(String text) throws UnusableSecretException {
        if (text.startsWith(PREFIX)) {
            try {
                byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
                if (bytes.length >= LEAST_BYTES && bytes.length <= MOST_BYTES) {
                    return new SecretKeySpec(bytes, ALGORITHM);
                }
            } catch (IllegalArgumentException e) {
                // Said below, without the text.
                throw form();
            }
        }
        throw form();
    }

    private static UnusableSecretException form() {
        return new UnusableSecretException(
                "expected whsec_ and base64 of 24 to 64 bytes in each line; make one with: echo"
                        + " whsec_$(openssl rand -base64 32)");
    }

    /**
     * The header webhook-signature.
     *
     * @param timestamp seconds since 1970
     */
    String sign(String id, long timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        List<String> signatures = new ArrayList<>();
        for (SecretKeySpec key : keys) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                mac.update(head);
                signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(body)));
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }
        return String.join(" ", signatures);
    }
}
