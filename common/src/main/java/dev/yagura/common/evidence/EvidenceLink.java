package dev.yagura.common.evidence;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A record of the chain.
 *
 * @param number from 1
 * @param previousHash as the link itself says
 * @param recordHash SHA-256 of the record's bytes
 * @param hash as the link itself says
 * @param withheld its content is not here
 * @param subject what it is about, for people; empty when withheld
 */
public record EvidenceLink(
        long number,
        ByteString previousHash,
        ByteString recordHash,
        ByteString hash,
        boolean withheld,
        String subject) {

    private static final int HASH_BYTES = 32;

    /** Before the first record. */
    public static final ByteString FIRST_PREVIOUS = ByteString.copyFrom(new byte[HASH_BYTES]);

    /** Ends with a zero byte; every other part has a fixed length, so no two inputs are alike. */
    private static final byte[] DOMAIN = "yagura.evidence.v1\0".getBytes(StandardCharsets.US_ASCII);

    /** A link with its content. */
    public static EvidenceLink whole(
            long number, ByteString previousHash, String record, ByteString hash, String subject) {
        return new EvidenceLink(number, previousHash, hashOf(record), hash, false, subject);
    }

    /** A link whose content is not here. */
    public static EvidenceLink withheld(
            long number, ByteString previousHash, ByteString recordHash, ByteString hash) {
        return new EvidenceLink(number, previousHash, recordHash, hash, true, "");
    }

    /** The next link after a head, as it is stored. */
    public static EvidenceLink next(Head head, String record) {
        ByteString recordHash = hashOf(record);
        long number = head.number() + 1;
        return new EvidenceLink(
                number, head.hash(), recordHash, hash(number, head.hash(), recordHash), false, "");
    }

    /**
     * Where a chain ends.
     *
     * @param number 0 before the first record
     */
    public record Head(long number, ByteString hash) {
        public static final Head EMPTY = new Head(0, FIRST_PREVIOUS);

        /** "17:9f86d0…", as it is written down. */
        @Override
        public String toString() {
            return number + ":" + HexFormat.of().formatHex(hash.toByteArray());
        }
    }

    /** The chain ends here, so far. */
    public Head head() {
        return new Head(number, hash);
    }

    /** True when the hash is that of number, previous hash and record as this link has them. */
    boolean isConsistent() {
        return hash.equals(hash(number, previousHash, recordHash));
    }

    private static ByteString hash(long number, ByteString previousHash, ByteString recordHash) {
        MessageDigest sha256 = sha256();
        sha256.update(DOMAIN);
        sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        sha256.update(previousHash.asReadOnlyByteBuffer());
        sha256.update(recordHash.asReadOnlyByteBuffer());
        return ByteString.copyFrom(sha256.digest());
    }

    private static ByteString hashOf(String record) {
        return ByteString.copyFrom(sha256().digest(record.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
