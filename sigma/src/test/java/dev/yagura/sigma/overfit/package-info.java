/**
 * Campaigns that ask whether rules know an attack or only its recording: one takes away the rules
 * that name a step, one varies what was typed.
 */
@NullMarked
package dev.yagura.sigma.overfit;

import org.jspecify.annotations.NullMarked;
