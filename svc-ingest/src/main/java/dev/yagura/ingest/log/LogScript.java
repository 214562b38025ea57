package dev.yagura.ingest.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** A Lua script in the resources, called by its digest. */
public final class LogScript {
    static final LogScript APPEND = of(LogScript.class, "append.lua", 6);
    static final LogScript CANARY = of(LogScript.class, "canary.lua", 2);
    static final LogScript OPEN = of(LogScript.class, "open.lua", 2);
    static final LogScript FOUND = of(LogScript.class, "found.lua", 1);
    static final LogScript JOIN = of(LogScript.class, "join.lua", 1);
    static final LogScript TRIM = of(LogScript.class, "trim.lua", 2);

    private final byte[] source;
    private final byte[] digest;
    private final int keys;

    private LogScript(byte[] source, byte[] digest, int keys) {
        this.source = source;
        this.digest = digest;
        this.keys = keys;
    }

    /**
     * Reads a script beside a class.
     *
     * @param keys how many of its arguments are keys; they come first
     */
    public static LogScript of(Class<?> owner, String name, int keys) {
        try (InputStream file = owner.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("missing in the build: " + name);
            }
            byte[] source = file.readAllBytes();
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(source);
            String digest = HexFormat.of().formatHex(sha1);
            return new LogScript(source, digest.getBytes(StandardCharsets.US_ASCII), keys);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    byte[] digest() {
        return digest;
    }

    int keys() {
        return keys;
    }

    void load(Jedis jedis) {
        jedis.scriptLoad(source);
    }

    /** Runs it, loading it first where the server does not have it. */
    Object run(Jedis jedis, byte[]... keysAndArguments) {
        try {
            return jedis.evalsha(digest, keys, keysAndArguments);
        } catch (JedisNoScriptException e) {
            load(jedis);
            return jedis.evalsha(digest, keys, keysAndArguments);
        }
    }
}
