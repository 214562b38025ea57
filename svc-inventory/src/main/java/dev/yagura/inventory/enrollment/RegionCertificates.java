package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * AWS's certificates for instance identity documents, by region; a region has several while AWS
 * changes them.
 */
record RegionCertificates(Map<String, List<X509Certificate>> byRegion) {
    private static final String SUFFIX = ".pem";
    private static final int MIN_BITS = 2048;

    RegionCertificates {
        byRegion = Map.copyOf(byRegion);
    }

    /** Reads every "{region}.pem" of a folder. */
    static RegionCertificates read(Path folder) {
        Map<String, List<X509Certificate>> found = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(SUFFIX)) {
                    found.put(
                            name.substring(0, name.length() - SUFFIX.length()), certificates(file));
                }
            }
        } catch (IOException e) {
            throw invalid("cannot read " + e.getMessage());
        }
        if (found.isEmpty()) {
            throw invalid(
                    folder + " holds no certificate; put files such as ap-northeast-1.pem there");
        }
        return new RegionCertificates(found);
    }

    List<X509Certificate> of(String region) {
        return byRegion.getOrDefault(region, List.of());
    }

    private static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = Pem.readCertificates(file);
        if (certificates.isEmpty()) {
            throw invalid(file + " holds no certificate in PEM");
        }
        for (X509Certificate certificate : certificates) {
            if (!(certificate.getPublicKey() instanceof RSAPublicKey key)
                    || key.getModulus().bitLength() < MIN_BITS) {
                throw invalid(
                        file
                                + " holds a certificate of another kind: AWS lists three a region,"
                                + " take the one headed RSA-2048");
            }
        }
        return certificates;
    }

    private static InvalidSettingException invalid(String problem) {
        return new InvalidSettingException(IdentityConfig.CERTIFICATES, problem);
    }
}
