/** Records of CloudTrail, from its log files or one by one, to events of the contract. */
@NullMarked
package dev.yagura.telemetry.cloudtrail;

import org.jspecify.annotations.NullMarked;
