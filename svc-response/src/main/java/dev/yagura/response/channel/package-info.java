/**
 * The way to a host that its own agent keeps open: {@link
 * dev.yagura.response.channel.AgentCommandEndpoint} has the streams, rows say which are live and
 * which commands wait, so that any replica may order what the one with the stream delivers. {@link
 * dev.yagura.response.channel.AgentChannels} is what actions see of it.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.channel;
