package dev.yagura.common.tls;

import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.util.List;

/**
 * A process's certificate, its key and whom it trusts; PEM files. They are read again when they
 * change, so certificates rotate without a restart.
 *
 * @param certificate chain, leaf first
 * @param key PKCS #8, readable by this process only
 * @param authorities certificates of the authorities that peers must come from
 */
public record TlsFiles(Path certificate, Path key, List<Path> authorities) {

    public TlsFiles {
        authorities = List.copyOf(authorities);
    }

    /** Section "tls" of a service. */
    public static TlsFiles from(Settings settings) {
        Settings tls = settings.section("tls");
        return new TlsFiles(
                tls.requiredPath("certificate", "Certificate chain of this process, PEM."),
                tls.requiredPath("key", "Private key of the certificate, PKCS #8 PEM."),
                tls
                        .texts(
                                "authorities",
                                List.of(),
                                "Certificate files of trusted authorities, PEM.")
                        .stream()
                        .map(Path::of)
                        .toList());
    }
}
