/**
 * Actions on a host through Systems Manager's Run Command: processes are killed, files are moved
 * into a quarantine and back, persistence is removed, with access keys of IAM that go with it, the
 * host is cut off the network and given back, what a responder asks for first is collected into S3,
 * and so is its memory.
 *
 * <p>Each {@link dev.yagura.response.host.HostDocument} is a script that ships with Yagura and is
 * installed in every account; {@link dev.yagura.response.host.HostPreflight} refuses one whose
 * content is another. {@link dev.yagura.response.host.HostRun} gives it to one host once, whatever
 * is lost on the way, and reads the {@link dev.yagura.response.host.HostReport}. What the host says
 * is a claim: whoever has root there can lie.
 */
@org.jspecify.annotations.NullMarked
package dev.yagura.response.host;
