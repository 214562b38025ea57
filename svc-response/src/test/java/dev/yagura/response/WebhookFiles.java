package dev.yagura.response;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Settings of endpoints in tests, and the receiver's side of a signature. */
public final class WebhookFiles {
    public static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public static final String NEXT_SECRET = "whsec_c2Vjb25kLXNlY3JldC1vZi10aGlydHktdHdvLWJ5dGVz";

    private static final String PREFIX = "yagura.response.webhook.";

    private WebhookFiles() {}

    /** A file that has these secrets, and goes with the process. */
    public static Path secrets(String... secrets) {
        try {
            Path file = Files.createTempFile("webhook", ".secret");
            file.toFile().deleteOnExit();
            return Files.write(file, List.of(secrets));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Of an endpoint for each name, with the first secret.
     *
     * @param urls by name
     * @param events that each takes
     */
    public static Map<String, String> settings(Map<String, String> urls, String events) {
        Map<String, String> settings = new HashMap<>();
        settings.put(PREFIX + "endpoints", String.join(",", urls.keySet()));
        urls.forEach((name, url) -> {
            settings.put(PREFIX + "endpoint." + name + ".url", url);
            settings.put(PREFIX + "endpoint." + name + ".secret-file", secrets(SECRET).toString());
            settings.put(PREFIX + "endpoint." + name + ".events", events);
        });
        return settings;
    }

    /** The signature that a receiver with this secret expects. */
    public static String expected(TestReceiver.Message message, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(
                    new SecretKeySpec(
                            Base64.getDecoder().decode(secret.substring("whsec_".length())),
                            "HmacSHA256"));
            String signed = message.id() + "." + message.timestamp() + "." + message.body();
            return "v1,"
                    + Base64.getEncoder()
                            .encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
