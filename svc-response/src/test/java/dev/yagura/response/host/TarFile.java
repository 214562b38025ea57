package dev.yagura.response.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Archives as a host makes them, also wrong ones. */
public final class TarFile {
    private static final int BLOCK = 512;

    private final Map<String, byte[]> members = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    /** A member that the manifest lists. */
    public TarFile with(String name, String content) throws Exception {
        return listed(name, content).unlisted(name, content);
    }

    TarFile listed(String name, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        lines.add(sha256(bytes) + " " + bytes.length + " " + name);
        return this;
    }

    TarFile unlisted(String name, String content) {
        members.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TarFile line(String line) {
        lines.add(line);
        return this;
    }

    public byte[] gzip() throws IOException {
        return gzip('0');
    }

    /** With this type of all members but the manifest. */
    byte[] gzip(char type) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            byte[] manifest = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
            gzip.write(header("manifest.txt", manifest.length, '0'));
            gzip.write(padded(manifest));
            for (Map.Entry<String, byte[]> each : members.entrySet()) {
                gzip.write(header(each.getKey(), each.getValue().length, type));
                gzip.write(padded(each.getValue()));
            }
            gzip.write(new byte[2 * BLOCK]);
        }
        return bytes.toByteArray();
    }

    public static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] header(String name, int size, char type) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 124, "%011o".formatted(size));
        header[156] = (byte) type;
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static byte[] padded(byte[] content) {
        byte[] padded = new byte[(content.length + BLOCK - 1) / BLOCK * BLOCK];
        System.arraycopy(content, 0, padded, 0, content.length);
        return padded;
    }
}
