package dev.yagura.sigma.engine;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/**
 * Hyperscan's block mode through the Foreign Function API, for one thread
 * (intel.github.io/hyperscan "hs_compile.h", "hs_runtime.h"). Only for the comparison: the engine
 * does without it.
 */
final class HyperscanSearch implements AutoCloseable {
    static final int CASELESS = 1;
    static final int DOTALL = 2;
    private static final int SINGLE_MATCH = 8;
    private static final int ALLOW_EMPTY = 16;
    private static final int BLOCK_MODE = 1;
    private static final int BUFFER = 1 << 20;

    private final Arena arena = Arena.ofConfined();
    private final MethodHandle scan;
    private final MemorySegment database;
    private final MemorySegment scratch;
    private final MemorySegment handler;
    private final MemorySegment buffer = arena.allocate(BUFFER);
    private long found;

    /** An expression of Hyperscan's syntax. */
    record Expression(String text, int flags) {}

    /** Compiles; the native library comes from the class path. */
    HyperscanSearch(List<Expression> expressions) throws IOException {
        SymbolLookup library = SymbolLookup.libraryLookup(library(), arena);
        Linker linker = Linker.nativeLinker();
        scan =
                linker.downcallHandle(
                        library.findOrThrow("hs_scan"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS));
        MethodHandle compile =
                linker.downcallHandle(
                        library.findOrThrow("hs_compile_multi"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS,
                                ValueLayout.ADDRESS));
        MethodHandle allocate =
                linker.downcallHandle(
                        library.findOrThrow("hs_alloc_scratch"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try {
            handler =
                    linker.upcallStub(
                            MethodHandles.lookup()
                                    .bind(
                                            this,
                                            "found",
                                            MethodType.methodType(
                                                    int.class,
                                                    int.class,
                                                    long.class,
                                                    long.class,
                                                    int.class,
                                                    MemorySegment.class)),
                            FunctionDescriptor.of(
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_INT,
                                    ValueLayout.ADDRESS),
                            arena);
            database = compile(compile, expressions);
            MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
            check((int) allocate.invokeExact(database, pointer));
            scratch = pointer.get(ValueLayout.ADDRESS, 0);
        } catch (RuntimeException | IOException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Hyperscan cannot be called", e);
        }
    }

    private MemorySegment compile(MethodHandle compile, List<Expression> expressions)
            throws Throwable {
        int count = expressions.size();
        MemorySegment texts = arena.allocate(ValueLayout.ADDRESS, count);
        MemorySegment flags = arena.allocate(ValueLayout.JAVA_INT, count);
        MemorySegment ids = arena.allocate(ValueLayout.JAVA_INT, count);
        for (int i = 0; i < count; i++) {
            Expression expression = expressions.get(i);
            texts.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(expression.text()));
            flags.setAtIndex(
                    ValueLayout.JAVA_INT, i, expression.flags() | SINGLE_MATCH | ALLOW_EMPTY);
            ids.setAtIndex(ValueLayout.JAVA_INT, i, i);
        }
        MemorySegment pointer = arena.allocate(ValueLayout.ADDRESS);
        MemorySegment error = arena.allocate(ValueLayout.ADDRESS);
        int result =
                (int)
                        compile.invokeExact(
                                texts,
                                flags,
                                ids,
                                count,
                                BLOCK_MODE,
                                MemorySegment.NULL,
                                pointer,
                                error);
        if (result != 0) {
            MemorySegment told = error.get(ValueLayout.ADDRESS, 0).reinterpret(16);
            int which = told.get(ValueLayout.JAVA_INT, ValueLayout.ADDRESS.byteSize());
            throw new IllegalArgumentException(
                    told.get(ValueLayout.ADDRESS, 0).reinterpret(BUFFER).getString(0)
                            + ": "
                            + (which < 0 ? "" : expressions.get(which).text()));
        }
        return pointer.get(ValueLayout.ADDRESS, 0);
    }

    /** Number of expressions that are found in the text. */
    long scan(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, BUFFER);
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, length);
        found = 0;
        try {
            check(
                    (int)
                            scan.invokeExact(
                                    database,
                                    buffer,
                                    length,
                                    0,
                                    scratch,
                                    handler,
                                    MemorySegment.NULL));
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("Hyperscan cannot be called", e);
        }
        return found;
    }

    /** Called by Hyperscan. */
    @SuppressWarnings("unused")
    private int found(int id, long from, long to, int flags, MemorySegment context) {
        found++;
        return 0;
    }

    @Override
    public void close() {
        arena.close();
    }

    private static void check(int result) {
        if (result != 0) {
            throw new IllegalStateException("Hyperscan answers " + result);
        }
    }

    private static Path library() throws IOException {
        String machine =
                System.getProperty("os.arch").toLowerCase(Locale.ROOT).contains("aarch64")
                        ? "arm64"
                        : "x86_64";
        String resource = "/com/gliwka/hyperscan/jni/linux-" + machine + "/libhs.so";
        Path file = Files.createTempFile("libhs", ".so");
        file.toFile().deleteOnExit();
        try (InputStream in = HyperscanSearch.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("no Hyperscan for this machine: " + resource);
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
