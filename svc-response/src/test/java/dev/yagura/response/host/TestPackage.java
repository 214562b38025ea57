package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.response.TestService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A package as deploy/agent-package.sh makes it, with a program in the agent's place that writes
 * down how it was called; and a systemctl that does the same.
 */
public final class TestPackage {
    public static final String TOKEN = "token-that-nobody-may-see";
    public static final TestPackage USUAL = new TestPackage("9.9");

    private static final String BUCKET = "yagura-triage";
    private static final String TOKEN_KEY = "tokens/111122223333/ap-northeast-1";

    /** Its state folder is the last of its arguments. */
    private static final String PROGRAM =
            """
            #!/bin/sh
            case $1 in
            --version) echo 'yagura-agent VERSION' ;;
            enroll)
                printf '%s\\n' "$*" >>"$9/calls"
                [ "$(cat "$7")" = 'TOKEN' ] || { echo 'the token is not known' >&2; exit 5; }
                echo 'enrolled: agent 0198c0de, host web-1' ;;
            esac
            """;

    private static final String SYSTEMCTL =
            """
            #!/bin/sh
            folder=${0%/usr/bin/systemctl}
            printf '%s\\n' "$*" >>"$folder/systemctl.log"
            case $1 in
            is-active) [ -f "$folder/active" ] ;;
            is-enabled) [ -f "$folder/enabled" ] ;;
            enable) : >"$folder/enabled" ;;
            disable) rm -f "$folder/enabled" ;;
            restart) [ ! -f "$folder/broken" ] && : >"$folder/active" ;;
            stop) rm -f "$folder/active" ;;
            esac
            """;

    private final byte[] content;

    TestPackage(String version) {
        try {
            Path folder = Files.createTempDirectory("package");
            Files.createDirectory(folder.resolve("bin"));
            Files.writeString(
                    folder.resolve("bin/yagura-agent"),
                    PROGRAM.replace("VERSION", version).replace("TOKEN", TOKEN));
            Files.writeString(folder.resolve("ca.pem"), "an authority\n");
            Files.writeString(folder.resolve("yagura-agent.service"), "unit of " + version + "\n");
            content = packed(folder);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] packed(Path folder) throws IOException, InterruptedException {
        Process tar =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "tar --sort=name --mtime=@0 --owner=0 --group=0 -cf - . | gzip -n"
                                        + " >../$1 && cat ../$1 && rm ../$1",
                                "sh",
                                folder.getFileName() + ".tar.gz")
                        .directory(folder.toFile())
                        .start();
        byte[] bytes = tar.getInputStream().readAllBytes();
        assertThat(tar.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return bytes;
    }

    byte[] content() {
        return content.clone();
    }

    public String sha256() {
        try {
            return TarFile.sha256(content);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Settings with which hosts get it. */
    public Map<String, String> settings() {
        return Map.of(
                "yagura.response.install-agent.bucket",
                BUCKET,
                "yagura.response.install-agent.package-sha256",
                sha256(),
                "yagura.response.install-agent.gateway",
                "edr.example.com:7443",
                "yagura.response.install-agent.settle",
                "PT0.001S");
    }

    /** Puts it and a token where they belong. */
    public void put(TestService service) {
        try (S3Client s3 = operator(service)) {
            s3.putObject(
                    request -> request.bucket(BUCKET).key("agent/yagura-agent.tar.gz"),
                    RequestBody.fromBytes(content));
            putToken(s3, TOKEN);
        }
    }

    /** Puts another token, or takes it away where it is empty. */
    public static void putToken(TestService service, String token) {
        try (S3Client s3 = operator(service)) {
            putToken(s3, token);
        }
    }

    private static void putToken(S3Client s3, String token) {
        if (token.isEmpty()) {
            s3.deleteObject(request -> request.bucket(BUCKET).key(TOKEN_KEY));
        } else {
            s3.putObject(
                    request -> request.bucket(BUCKET).key(TOKEN_KEY),
                    RequestBody.fromString(token + "\n"));
        }
    }

    private static S3Client operator(TestService service) {
        return service.client(
                S3Client.builder()
                        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                        .serviceConfiguration(each -> each.chunkedEncodingEnabled(false)),
                Region.of(TestService.TOKYO.getRegion()),
                TestService.OPERATOR);
    }

    /** Gives the root folder of a host a systemctl. */
    public static void prepare(Path root) throws IOException {
        Files.createDirectories(root.resolve("usr/bin"));
        Path systemctl = root.resolve("usr/bin/systemctl");
        Files.write(systemctl, SYSTEMCTL.getBytes(StandardCharsets.UTF_8));
        assertThat(systemctl.toFile().setExecutable(true)).isTrue();
    }
}
