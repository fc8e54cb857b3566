/** Chat templates: the Jinja subset that models ship, on plain JSON values. */
@NullMarked
package dev.slipway.engine.template;

import org.jspecify.annotations.NullMarked;
