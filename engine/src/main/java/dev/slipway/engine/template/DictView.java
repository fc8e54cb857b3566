package dev.slipway.engine.template;

import java.util.List;

/**
 * What {@code keys()}, {@code values()} and {@code items()} give: gone through and counted like a list, and without
 * indexes.
 *
 * @param kind Python's name of it, such as {@code dict_keys}
 */
record DictView(String kind, List<Object> items) {}
