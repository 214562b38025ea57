package dev.yagura.response.channel;

import dev.yagura.common.error.YaguraException;
import java.util.Optional;

/** A stream of an agent in this process, whose hello was good. */
interface OpenStream {
    ChannelStore.Stream id();

    /** That it beat since this was asked last. */
    Optional<ChannelStore.Beat> takeBeat();

    /** Sends a command, unless another one is still on its way; never blocks. */
    void deliver(ChannelStore.Due due);

    /** Ends it with an error. */
    void end(YaguraException reason);
}
