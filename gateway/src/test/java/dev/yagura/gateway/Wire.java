package dev.yagura.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;

/**
 * A TCP way to a server that a test can cut: then whoever calls is connected to nobody, as when the
 * server's machine is gone.
 */
final class Wire implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = new HashSet<>();
    private volatile InetSocketAddress target;
    private boolean cut;

    Wire(String host, int port) throws IOException {
        target = new InetSocketAddress(host, port);
        listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("wire").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** New connections go to this port of the same host. */
    void leadTo(int port) {
        target = new InetSocketAddress(target.getHostString(), port);
    }

    /** Ends every connection, and new ones at once. */
    synchronized void cut() {
        cut = true;
        sockets.forEach(Wire::end);
        sockets.clear();
    }

    synchronized void mend() {
        cut = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket caller = listener.accept();
                Thread.ofVirtual().start(() -> connect(caller));
            } catch (IOException e) {
                // Closed: the loop ends.
            }
        }
    }

    private void connect(Socket caller) {
        Socket server = new Socket();
        try (caller;
                server) {
            if (keep(caller, server)) {
                server.connect(target);
                Thread back = Thread.ofVirtual().start(() -> pass(server, caller));
                pass(caller, server);
                back.join();
            }
        } catch (IOException e) {
            // The caller sees its connection end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean keep(Socket caller, Socket server) {
        if (cut) {
            return false;
        }
        sockets.add(caller);
        sockets.add(server);
        return true;
    }

    /** Until the one side has said everything; what it said arrives before its end. */
    private static void pass(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            end(from);
            end(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }
}
