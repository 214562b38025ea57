/**
 * The recorded ordinary work of sandbox/benign through rules, alerts and incidents: what is raised
 * there is raised falsely.
 */
@NullMarked
package dev.yagura.detection.benign;

import org.jspecify.annotations.NullMarked;
