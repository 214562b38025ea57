package dev.yagura.response;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A program of a machine of {@link NetworkLab}, in a process of its own: answers what it gets,
 * keeps connections open, and does what its standard input says, a line each.
 */
final class NetworkNode {
    private static final int CONNECT_MILLIS = 2_000;

    private final Map<String, Socket> open = new HashMap<>();
    private int said;

    private NetworkNode() {}

    public static void main(String[] arguments) throws IOException {
        NetworkNode node = new NetworkNode();
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println("ready");
        String line = orders.readLine();
        while (line != null) {
            System.out.println(node.follow(line.split(" ")));
            line = orders.readLine();
        }
    }

    private String follow(String[] order) throws IOException {
        return switch (order[0]) {
            case "tcp" -> listen(Integer.parseInt(order[1]));
            case "udp" -> answer(order[1], Integer.parseInt(order[2]));
            case "open" -> connect(order[1], order[2], Integer.parseInt(order[3]));
            case "say" -> say(order[1], Integer.parseInt(order[2]));
            case "ask" -> ask(order[1], Integer.parseInt(order[2]), Integer.parseInt(order[3]));
            default -> throw new IllegalArgumentException(order[0]);
        };
    }

    private static String listen(int port) throws IOException {
        ServerSocket server = new ServerSocket(port);
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    while (true) {
                        try {
                            Socket client = server.accept();
                            Thread.ofPlatform().daemon().start(() -> echo(client));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
        return "yes";
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The other end is gone.
        }
    }

    private static String answer(String address, int port) throws IOException {
        DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, port));
        Thread.ofPlatform()
                .daemon()
                .start(() -> {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    while (true) {
                        try {
                            socket.receive(packet);
                            socket.send(packet);
                        } catch (IOException e) {
                            // Nobody waits for it any more.
                        }
                    }
                });
        return "yes";
    }

    private String connect(String name, String host, int port) {
        Socket socket = new Socket();
        try {
            socket.setKeepAlive(true);
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            open.put(name, socket);
            return "yes";
        } catch (IOException e) {
            return "no";
        }
    }

    /** Whether what is said now comes back; what came late of earlier words is passed over. */
    private String say(String name, int millis) {
        said++;
        try {
            Socket socket = Objects.requireNonNull(open.get(name));
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(said);
            int heard;
            do {
                heard = socket.getInputStream().read();
            } while (heard != -1 && heard != said);
            return heard == said ? "yes" : "no";
        } catch (IOException e) {
            return "no";
        }
    }

    private static String ask(String host, int port, int millis) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(millis);
            byte[] question = {1};
            socket.send(
                    new DatagramPacket(
                            question, question.length, InetAddress.getByName(host), port));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return "yes";
        } catch (SocketTimeoutException e) {
            return "no";
        } catch (IOException e) {
            return "no: " + e.getMessage();
        }
    }
}
