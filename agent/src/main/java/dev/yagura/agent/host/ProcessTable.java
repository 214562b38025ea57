package dev.yagura.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * What is asked for of the processes of /proc, at one moment; no more is kept, because there can be
 * a hundred thousand. Those that end meanwhile, and what the agent may not see of others, are left
 * out.
 *
 * @param antivirus the products that run, in their order, each with the process that it is known by
 * @param byInode whose the sockets are; of one that several have, the process of the lowest id
 */
record ProcessTable(SortedMap<String, String> antivirus, Map<Long, RunningProcess> byInode) {
    private static final String SOCKET = "socket:[";
    private static final String DELETED = " (deleted)";

    /** A host with more open files than this gets no names for some of its sockets. */
    private static final int MOST_LINKS = 200_000;

    ProcessTable {
        antivirus = Collections.unmodifiableSortedMap(new TreeMap<>(antivirus));
        byInode = Map.copyOf(byInode);
    }

    /**
     * Looks.
     *
     * @param inodes of the sockets whose processes are asked for
     * @throws IOException there is no list of processes, or it has only the agent's own
     */
    static ProcessTable read(Path proc, Set<Long> inodes, AntivirusTable products)
            throws IOException {
        SortedMap<String, String> antivirus = new TreeMap<>();
        Map<Long, RunningProcess> byInode = new HashMap<>();
        Set<Long> wanted = new HashSet<>(inodes);
        int links = MOST_LINKS;
        for (long id : ids(proc)) {
            Path folder = proc.resolve(Long.toString(id));
            RunningProcess process;
            try {
                process = process(folder);
            } catch (IOException e) {
                continue; // it has ended
            }
            products.addTo(antivirus, process);
            if (!wanted.isEmpty() && links > 0) {
                links -= sockets(folder, links, process, wanted, byInode);
            }
        }
        return new ProcessTable(antivirus, byInode);
    }

    /** The oldest first, as a rule. */
    private static long[] ids(Path proc) throws IOException {
        LongStream.Builder ids = LongStream.builder();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(proc, "[0-9]*")) {
            found.forEach(folder -> ids.add(Long.parseLong(folder.getFileName().toString())));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        if (!Files.isReadable(proc.resolve("1/comm"))) {
            throw new IOException(
                    proc + " hides the processes of others (hidepid): run the agent as root");
        }
        return ids.build().sorted().toArray();
    }

    /** A process can have any bytes for a name: what is no UTF-8 must not hide it. */
    private static RunningProcess process(Path folder) throws IOException {
        byte[] name = Files.readAllBytes(folder.resolve("comm"));
        return new RunningProcess(
                new String(name, StandardCharsets.UTF_8).strip(), executable(folder));
    }

    private static String executable(Path folder) {
        try {
            String path = Files.readSymbolicLink(folder.resolve("exe")).toString();
            return path.endsWith(DELETED)
                    ? path.substring(0, path.length() - DELETED.length())
                    : path;
        } catch (IOException e) {
            return ""; // another user's, or the kernel's own
        }
    }

    /** How many links were looked at. */
    private static int sockets(
            Path folder,
            int most,
            RunningProcess process,
            Set<Long> wanted,
            Map<Long, RunningProcess> byInode) {
        int links = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                if (links == most || wanted.isEmpty()) {
                    break;
                }
                links++;
                long inode = inode(descriptor);
                if (wanted.remove(inode)) {
                    byInode.put(inode, process);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return links; // another user's, or it has ended
        }
        return links;
    }

    /** Negative for what is no socket. */
    private static long inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET)
                    ? Long.parseLong(target.substring(SOCKET.length(), target.length() - 1))
                    : -1;
        } catch (IOException | NumberFormatException e) {
            return -1; // closed meanwhile
        }
    }
}
